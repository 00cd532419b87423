import { describe, expect, it } from 'vitest';
import { colorSheet, contrastWithWhite, shadesOf } from './branding.ts';

/** Against Mantine's darkest and lightest ground of the dark scheme. */
const WHITE_ON = { '#15191a': contrastWithWhite('#15191a'), '#2e2e2e': contrastWithWhite('#2e2e2e') };
// Every colour that Appearance takes: white text on it has 4.5:1.
const allowed = ['00', '33', '66', '99', 'cc', 'ff']
  .flatMap((red, _, all) => all.flatMap((green) => all.map((blue) => `#${red}${green}${blue}`)))
  .filter((color) => contrastWithWhite(color) >= 4.5);

describe('the colour of self-service', () => {
  it('measures contrast as WCAG does', () => {
    expect(contrastWithWhite('#ffffff')).toBeCloseTo(1);
    expect(contrastWithWhite('#000000')).toBeCloseTo(21);
    expect(contrastWithWhite('#767676')).toBeCloseTo(4.54, 2);
  });

  it.each(allowed)('%s: filled buttons carry white text, links can be read in the dark', (color) => {
    const shades = shadesOf(color);
    expect(shades).toHaveLength(10);
    for (const filled of shades.slice(7)) expect(contrastWithWhite(filled)).toBeGreaterThanOrEqual(4.5);
    for (const link of shades.slice(3, 5)) {
      for (const white of Object.values(WHITE_ON))
        expect(white / contrastWithWhite(link)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('puts the colour in the place of ours, in both schemes', () => {
    const sheet = colorSheet('#7a1fa2');
    expect(sheet).toContain('--mantine-color-ink-8: #7a1fa2;');
    expect(sheet).not.toContain('undefined');
    expect(sheet.match(/#[0-9a-f]+/g)?.every((hex) => [7, 9].includes(hex.length))).toBe(true);
  });
});
