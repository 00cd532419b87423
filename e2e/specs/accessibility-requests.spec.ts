import { devices, type Page } from '@playwright/test';
import { AdminApi } from '../support/admin-api.ts';
import { expectAccessible } from '../support/axe.ts';
import { expect, signInAs, signInAsAdmin, test } from '../support/test.ts';

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
      await page.getByRole('button', { name: 'Cancel the request' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, 'cancelling a request');

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

    test('an owner reads the history of a token and reports it', async ({
      page,
      api,
      port,
      phone,
      qrProfile,
    }) => {
      const owner = await api.makePerson({ givenName: LONG, familyName: LONG });
      const token = await api.makeWaitingToken(owner, qrProfile);
      await phone.follow(await AdminApi.linkFor(port, owner, token));
      await AdminApi.verify(port, owner, token, await phone.code(token.serialNumber));
      await signInAs(page, owner);
      const more = page
        .getByTestId(`token-${token.serialNumber}`)
        .getByRole('button', { name: /More for token/ });
      const dialog = page.getByRole('dialog');
      await more.click();
      await page.getByRole('menuitem', { name: 'History' }).click();
      await expect(dialog.getByText('Proved with its first code')).toBeVisible();
      await expectAccessible(page, 'history of a token');
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await more.click();
      await page.getByRole('menuitem', { name: 'Report lost or broken' }).click();
      await expect(dialog.getByRole('radio', { name: /It is lost/ })).toBeFocused();
      await expectAccessible(page, 'reporting a token');
      expect(await overflow(page)).toBe(0);
      await dialog.getByRole('button', { name: 'Report as lost' }).click();
      await expect(dialog.getByText('A replacement is asked for', { exact: false })).toBeVisible();
      await expectAccessible(page, 'a token reported');
    });

    test('whoever has a mailed link opens it', async ({ page }) => {
      await page.goto('/activate#AAAAAAAAAAAAAAAAAAAAAA');
      await expect(page.getByRole('link', { name: 'Sign in here' })).toBeVisible();
      await expectAccessible(page, 'the page behind a link');
      expect(await overflow(page)).toBe(0);
      await page.getByLabel('Number on your other screen').fill('123456');
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(page.getByText('This link works no longer')).toBeVisible();
      await expectAccessible(page, 'a dead link');
      expect(await overflow(page)).toBe(0);
    });

    test('an administrator sets requests, mail and self-service up', async ({ page }) => {
      await signInAsAdmin(page, '/admin/setup');
      for (const [path, shown] of [
        ['self-service', 'Profiles that people may ask for'],
        ['approval', 'Office hours'],
        ['appearance', 'How it looks'],
        ['mail', 'Outbox'],
        ['mail-texts', 'Request approved, token needs activation'],
      ] as const) {
        await page.goto(`/admin/setup/${path}`);
        await expect(page.getByText(shown, { exact: true }).first()).toBeVisible();
        await expectAccessible(page, `Setup, ${path}`);
        expect(await overflow(page), path).toBe(0);
      }
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
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      await expect(page.getByRole('dialog').getByText(/What is approved is what stands here/)).toBeVisible();
      await expectAccessible(page, 'editing a request');
      await page.goto('/admin/requests');
      await page.getByRole('checkbox', { name: 'Select all requests of this page' }).check();
      await page.getByRole('button', { name: /^Approve \d+$/ }).click();
      await expect(page.getByRole('dialog').getByText(/will be approved/)).toBeVisible();
      await expectAccessible(page, 'approving many');
      expect(await overflow(page)).toBe(0);
      await page.goto('/admin');
      await expect(page.getByText('What waits for you')).toBeVisible();
      await expectAccessible(page, 'Home of an approver');
    });
  });
}
