import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './test.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** What a colour scheme can break; everything else is the same in both. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Nothing on the page, as it stands, keeps somebody out: WCAG 2.2 AA in both colour schemes. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    await page.evaluate(async () => {
      // A colour that is inherited starts its transition only when its parent's has moved: until two frames bring none.
      for (let still = 0; still < 2; still += 1) {
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const running = document.getAnimations().filter(({ playState }) => playState === 'running');
        if (running.length > 0) still = -1;
        await Promise.all(running.map((animation) => animation.finished.catch(() => {})));
      }
    });
    const axe = new AxeBuilder({ page });
    const { violations } = await (colorScheme === 'light'
      ? axe.withTags(WCAG)
      : axe.withRules(COLOURS)
    ).analyze();
    const found: string[] = [];
    for (const { id, nodes } of violations) {
      for (const { target, failureSummary } of nodes) {
        const where = target.join(' ');
        // A combobox scrolls its list by the arrow keys; axe does not see that through the frame within the list.
        const isChoice =
          (await page.locator(where).locator('xpath=ancestor::*[@role="listbox"]').count()) > 0;
        if (id !== 'scrollable-region-focusable' || !isChoice)
          found.push(`${id}: ${where} ${failureSummary}`);
      }
    }
    expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}
