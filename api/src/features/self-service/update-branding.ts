import type { ActionDeps } from '../../lib/deps.ts';
import { FieldChecks } from '../../lib/failure.ts';
import { changeBranding } from '../settings/change-settings.ts';
import { type Branding, defaultBranding } from '../settings/read-settings.ts';
import { isPicture } from './picture.ts';

const LOGO_BYTES = 100 * 1024;
/** Contrast of text on it (WCAG 2.2, 1.4.3). */
const CONTRAST = 4.5;

/**
 * Changes the look of the self-service pages; only what is given, and an empty value is as shipped.
 * @throws Failure InvalidInput
 */
export async function updateBranding(
  deps: ActionDeps,
  input: { [Field in keyof Branding]?: string | null | undefined },
): Promise<Branding> {
  const productName = input.productName?.trim();
  const color = input.primaryColor?.trim().toLowerCase();
  new FieldChecks()
    .require(
      /^\P{C}{0,40}$/u.test(productName ?? ''),
      'productName',
      'product_name.long',
      'A product name has at most 40 characters.',
    )
    .require(
      !color || /^#[0-9a-f]{6}$/.test(color),
      'primaryColor',
      'color.invalid',
      'A colour like #0f5a66.',
    )
    .require(
      !color || !/^#[0-9a-f]{6}$/.test(color) || contrastWithWhite(color) >= CONTRAST,
      'primaryColor',
      'color.contrast',
      'White text on this colour cannot be read well. Choose a darker one.',
    )
    .require(
      !input.logo || isPicture(input.logo, LOGO_BYTES),
      'logo',
      'picture.invalid',
      'A logo is a PNG, JPEG or WebP of at most 100 kB.',
    )
    .done();
  return deps.db.transaction((tx) =>
    changeBranding(tx, deps, {
      productName: productName === undefined ? undefined : productName || defaultBranding.productName,
      primaryColor: color === undefined ? undefined : color || null,
      logo: input.logo === undefined ? undefined : input.logo || null,
    }),
  );
}

/** WCAG 2.2 contrast ratio of a colour #rrggbb with white, 1 to 21. */
export function contrastWithWhite(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red! + 0.7152 * green! + 0.0722 * blue! + 0.05);
}
