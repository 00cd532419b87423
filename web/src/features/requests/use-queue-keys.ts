import { useEffect, useRef } from 'react';

/** Where letters are typed, or a dialog has the word. */
const typing =
  'textarea, select, [contenteditable="true"], [role="dialog"], [role="listbox"], input:not([type="checkbox"]):not([type="radio"])';

/** Single keys of this page, unless somebody types or a dialog is open. `undefined` turns them off. */
export function useQueueKeys(keys: Record<string, () => void> | undefined): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = current.current?.[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(typing)) return;
      if (document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
