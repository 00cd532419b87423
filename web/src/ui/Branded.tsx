import type { ReactNode } from 'react';
import { colorSheet, ProductName, useBranding } from '../lib/branding.ts';

/** The self-service pages in the customer's colour and name, dialogs and menus too; the console keeps its own. */
export function Branded({ children }: { children: ReactNode }) {
  const { primaryColor, productName } = useBranding();
  return (
    <ProductName value={productName}>
      {primaryColor && <style>{colorSheet(primaryColor)}</style>}
      {children}
    </ProductName>
  );
}
