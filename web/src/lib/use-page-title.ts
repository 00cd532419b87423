import { useEffect } from 'react';

/** Names the page in the browser's tab, and for screen readers when it is opened. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Symbolon`;
  }, [title]);
}
