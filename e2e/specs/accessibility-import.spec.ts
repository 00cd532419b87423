import { devices, type Page } from '@playwright/test';
import { unique } from '../support/admin-api.ts';
import { expectAccessible } from '../support/axe.ts';
import { expect, signInAsAdmin, test } from '../support/test.ts';
import { bring, damaged, freshSerial, records, sdtid, serialOf } from '../support/token-file.ts';

const LONG = 'Wolfeschlegelsteinhausenbergerdorff';

/** Pixels by which the page is wider than the window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const { defaultBrowserType: _, ...pixel } = devices['Pixel 7'];
for (const [width, options] of [
  ['a desk', {}],
  ['a phone', pixel],
] as const) {
  test.describe(`On ${width}`, () => {
    test.use(options);
    test.slow();

    test('an import from the file to its job', async ({ page, api }) => {
      const owner = await api.makePerson({ givenName: LONG, familyName: LONG });
      const first = freshSerial();
      const name = `${LONG}-${unique()}.sdtid`;
      const tokens = records(first, 4, (index) =>
        index === 0 ? { userName: owner.userName, pinStyle: 'FOB' } : { userName: `${LONG}${index}` },
      );
      const file = damaged(await sdtid(tokens, 'Sesame-42!'), serialOf(first, 3));
      const look = async (what: string) => {
        await expectAccessible(page, what);
        expect.soft(await overflow(page), what).toBe(0);
      };

      await signInAsAdmin(page, '/admin/tokens/import');
      await bring(page, name, file);
      await page.getByRole('button', { name: 'Check what would happen' }).click();
      await expect(page.getByText('Say what these tokens are.')).toBeVisible();
      await look('what the file is, not answered');
      await page.getByRole('button', { name: 'Back' }).click();
      await expect(page.getByText('Uploads that wait')).toBeVisible();
      await look('choice of a file, with an upload that waits');
      await page.getByRole('button', { name: `Discard ${name}` }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('discard an upload');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: `Go on with ${name}` }).click();
      await page.getByRole('radio', { name: 'Already on devices' }).click();
      await page.getByRole('radio', { name: 'Overwrite what is here' }).check();
      await page.getByRole('checkbox', { name: 'Also tokens that are assigned or in use' }).check();
      await page.getByRole('button', { name: 'Check what would happen' }).click();
      const password = page.getByRole('textbox', { name: 'Password or key of the file' });
      await password.fill('wrong on purpose');
      await page.keyboard.press('Enter');
      await expect(page.getByText('The password does not open this file.')).toBeVisible();
      await look('what the file is, with a wrong password');
      await password.fill('Sesame-42!');
      await page.keyboard.press('Enter');
      const importThem = page.getByRole('button', { name: 'Leave the wrong row out and import 3 tokens' });
      await expect(importThem).toBeVisible();
      await look('a dry run');
      await importThem.click();
      await expect(page.getByRole('status').filter({ hasText: `${name} is done.` })).toBeAttached();
      await look('a job');
      await page.goto('/admin/jobs');
      await expect(page.getByRole('link', { name: `Import of ${name}` })).toBeVisible();
      await look('jobs');
      await page.goto(`/admin/tokens/${serialOf(first)}`);
      await expect(page.getByText('This token asks for a PIN')).toBeVisible();
      await look('an imported token');

      await page.goto('/admin/tokens/import');
      await bring(page, name, file.slice(0, -40));
      await page.getByRole('radio', { name: 'Managed elsewhere' }).click();
      await page.getByRole('button', { name: 'Import without a check' }).click();
      await password.fill('Sesame-42!');
      await page.getByRole('button', { name: 'Import without a check' }).click();
      await expect(page.getByRole('alert').filter({ hasText: 'was refused' })).toBeVisible();
      await look('a refused file');
    });
  });
}
