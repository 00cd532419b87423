import { devices, type Page } from '@playwright/test';
import { AdminApi } from '../support/admin-api.ts';
import { expectAccessible } from '../support/axe.ts';
import { expect, signInAs, test } from '../support/test.ts';

const LONG = 'Wolfeschlegelsteinhausenbergerdorff';

/** Pixels by which the page is wider than the window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test.beforeEach(async ({ api, qrProfile, urlProfile }) => {
  test.slow();
  await api.setWorkflow({ approvalSteps: 1, distributionStep: false, generateTokens: false });
  await api.setSelfService({
    offers: [
      { profileId: qrProfile.id, description: 'For your phone.', mayChooseDevice: true },
      { profileId: urlProfile.id, description: LONG },
    ],
    defaultProfileId: qrProfile.id,
    requestsEnabled: true,
  });
});

const { defaultBrowserType: _, ...pixel } = devices['Pixel 7'];
for (const [width, options] of [
  ['a desk', {}],
  ['a phone', pixel],
] as const) {
  test.describe(`On ${width}`, () => {
    test.use(options);

    test('a person asks, reads and renames', async ({ page, api, qrProfile }) => {
      const person = await api.makePerson({ givenName: LONG, familyName: LONG });
      await signInAs(page, person);
      await page.getByRole('link', { name: 'Ask for one' }).click();
      await page.getByRole('radio', { name: 'Only this device' }).check();
      await page.getByRole('button', { name: 'Send the request' }).click();
      await expect(page.getByText('Say in a few words what you need it for.')).toBeVisible();
      await expectAccessible(page, 'asking, refused');
      expect(await overflow(page)).toBe(0);
      await page.getByRole('radio', { name: 'Any device of this kind' }).check();
      await page.getByRole('textbox', { name: 'Reason' }).fill(LONG.repeat(4));
      await page.getByRole('button', { name: 'Send the request' }).click();
      await expect(page.getByText(/With the approver since/).first()).toBeVisible();
      await expectAccessible(page, '/my with a request');
      expect(await overflow(page)).toBe(0);
      await page.getByRole('link', { name: 'All your requests' }).click();
      await expect(page.getByRole('heading', { name: 'Your requests' })).toBeVisible();
      await expectAccessible(page, 'own requests');
      await page.getByRole('link', { name: /New token/ }).click();
      await expect(page.getByText('You asked for it')).toBeVisible();
      await expectAccessible(page, 'one request');
      expect(await overflow(page)).toBe(0);

      const token = await api.makeWaitingToken(person, qrProfile);
      await page.goto('/my');
      await expect(page.getByText('Set up your token in three steps')).toBeVisible();
      await expectAccessible(page, 'the three steps');
      await page
        .getByTestId(`token-${token.serialNumber}`)
        .getByRole('button', { name: /More for token/ })
        .click();
      await page.getByRole('menuitem', { name: 'Rename' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, 'renaming');
    });

    test('an approver decides', async ({ page, api, port, qrProfile }) => {
      const approver = await api.makePerson({ roles: ['REQUEST_APPROVER'] });
      const asking = await api.makePerson({ givenName: LONG, familyName: LONG });
      const id = await AdminApi.ask(port, asking, qrProfile, LONG.repeat(4));
      await signInAs(page, approver, '/admin/requests');
      await expect(page.getByText(`${LONG} ${LONG}`).first()).toBeVisible();
      await expectAccessible(page, 'the queue');
      expect(await overflow(page)).toBe(0);
      await page.goto(`/admin/requests?id=${encodeURIComponent(id)}`);
      await expect(page.getByRole('button', { name: /^Approve for/ })).toBeVisible();
      await expectAccessible(page, 'one request in the queue');
      expect(await overflow(page)).toBe(0);
      await page.goto('/admin');
      await expect(page.getByText('What waits for you')).toBeVisible();
      await expectAccessible(page, 'Home of an approver');
    });
  });
}
