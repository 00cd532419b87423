import { useQuery } from '@apollo/client/react';
import { createContext, useEffect } from 'react';
import { graphql } from '../gql';
import type { BrandingQuery } from '../gql/graphql';

export const BrandingDocument = graphql(`
  query Branding {
    branding {
      productName
      primaryColor
      logo
    }
  }
`);

export type Branding = Omit<BrandingQuery['branding'], '__typename'>;

const KEPT = 'symbolon-branding';
const shipped: Branding = { productName: 'Symbolon', primaryColor: null, logo: null };

/** The name that titles of pages end in: the customer's in self-service, ours in the console. */
export const ProductName = createContext(shipped.productName);

/** The look as it was last time, so that a page does not change its colours while it opens. */
function remembered(): Branding {
  try {
    const kept = { ...shipped, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Branding>) };
    return /^#[0-9a-f]{6}$/.test(kept.primaryColor ?? '') ? kept : { ...kept, primaryColor: null };
  } catch {
    return shipped;
  }
}

/** Name, colour and logo of the self-service pages. */
export function useBranding(): Branding {
  const { data } = useQuery(BrandingDocument);
  const branding = data?.branding;
  useEffect(() => {
    if (!branding) return;
    try {
      localStorage.setItem(KEPT, JSON.stringify(branding));
    } catch {
      // Full or forbidden: the look is asked for again next time.
    }
  }, [branding]);
  return branding ?? remembered();
}

/**
 * Ten shades of a colour #rrggbb, light to dark: the colour itself where filled buttons take theirs, and pale enough in
 * the middle to be read as a link on a dark page, even if it is black.
 */
export const shadesOf = (color: string): string[] =>
  [0.94, 0.88, 0.76, 0.68, 0.6, 0.4, 0.2, 0, 0, -0.14].map((share) => mixed(color, share));

/**
 * The style sheet that puts a colour of six hex digits in the place of ours. Mantine makes its other colours of acts from
 * the ten shades, but for those that it has computed from ours already; in the dark a ring in the colour itself would
 * hardly be seen.
 */
export function colorSheet(color: string): string {
  const shades = shadesOf(color);
  const [, , , pale, link, , , , filled, deep] = shades as [string, ...string[]];
  return `:root:root { ${shades.map((shade, index) => `--mantine-color-ink-${index}: ${shade};`).join(' ')} }
html:root:root[data-mantine-color-scheme='light'] { --mantine-color-ink-outline-hover: ${filled}0d; }
html:root:root[data-mantine-color-scheme='dark'] {
  --mantine-color-anchor: ${link};
  --mantine-color-ink-light: ${mixed(deep!, -0.5)};
  --mantine-color-ink-light-hover: ${mixed(deep!, -0.3)};
  --mantine-color-ink-outline-hover: ${pale}0d;
}
html:root[data-mantine-color-scheme='dark'] :focus-visible { outline-color: ${pale}; }`;
}

/** WCAG 2.2 contrast ratio of a colour #rrggbb with white, 1 to 21. */
export function contrastWithWhite(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red! + 0.7152 * green! + 0.0722 * blue! + 0.05);
}

/** A colour mixed with white (a positive share) or black (a negative one). */
function mixed(color: string, share: number): string {
  const end = share > 0 ? 255 : 0;
  const channels = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16);
    return Math.round(value + (end - value) * Math.abs(share));
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
