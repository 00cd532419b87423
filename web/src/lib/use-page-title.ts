import { useContext, useEffect } from 'react';
import { ProductName } from './branding.ts';

/** Names the page in the browser's tab, and for screen readers when it is opened. */
export function usePageTitle(title: string): void {
  const productName = useContext(ProductName);
  useEffect(() => {
    document.title = `${title} · ${productName}`;
  }, [title, productName]);
}
