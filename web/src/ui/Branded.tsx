import type { ReactNode } from 'react';
import { shadesOf, useBranding } from '../lib/branding.ts';

/** The self-service pages in the customer's colour, dialogs and menus too; the console keeps its own. */
export function Branded({ children }: { children: ReactNode }) {
  const { primaryColor } = useBranding();
  return (
    <>
      {primaryColor && <style>{rootColours(primaryColor)}</style>}
      {children}
    </>
  );
}

/** Mantine makes all its other colours of acts from these. Only six hex digits come this far. */
const rootColours = (color: string): string =>
  `:root:root { ${shadesOf(color)
    .map((shade, index) => `--mantine-color-ink-${index}: ${shade};`)
    .join(' ')} }`;
