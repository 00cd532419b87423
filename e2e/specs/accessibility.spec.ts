import { devices } from '@playwright/test';
import { AdminApi, unique } from '../support/admin-api.ts';
import { expectAccessible } from '../support/axe.ts';
import {
  activatePath,
  expect,
  grouped,
  REFUSED_REQUEST,
  signInAs,
  signInAsAdmin,
  test,
  typeCode,
} from '../support/test.ts';

test.beforeEach(() => test.slow());

const LONG = 'Wolfeschlegelsteinhausenbergerdorff';

test('Sign-in and the change of a password', async ({ page, api, browserConsole }) => {
  browserConsole.allow(REFUSED_REQUEST);
  const person = await api.makePerson({ mustChangePassword: true });
  await page.goto('/sign-in');
  await expectAccessible(page, 'sign-in');
  await page.getByLabel('User name').fill(person.userName);
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong on purpose');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page, 'sign-in refused');
  await signInAs(page, person);
  await expect(page.getByRole('heading', { name: 'Change password' })).toBeVisible();
  await expectAccessible(page, 'change password');
  await page.getByLabel('Present password').fill(person.password);
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByLabel('New password again').fill('other');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('This is not the same as above.')).toBeVisible();
  await expectAccessible(page, 'change password refused');
});

const { defaultBrowserType: _, ...pixel } = devices['Pixel 7'];
for (const [width, options] of [
  ['a desk', {}],
  ['a phone', pixel],
] as const) {
  test.describe(`Self-service on ${width}`, () => {
    test.use(options);

    test('every state of activation', async ({ page, api, qrProfile, phone, moveClock }) => {
      const person = await api.makePerson({ givenName: LONG, familyName: LONG });
      await signInAs(page, person);
      await expect(page.getByText('You have no token yet')).toBeVisible();
      await expectAccessible(page, '/my empty');

      const token = await api.makeWaitingToken(person, qrProfile);
      const second = await api.makeWaitingToken(person, qrProfile);
      await page.goto('/my');
      await expect(page.getByRole('link', { name: 'Activate your token' }).first()).toBeVisible();
      await expectAccessible(page, '/my with waiting tokens');

      await page.goto(activatePath(token));
      const qr = page.getByTestId('activation-qr');
      await expect(qr).toBeVisible();
      await page.getByRole('button', { name: 'Show the code' }).click();
      await expect(page.getByRole('status', { name: 'Activation code' })).toBeVisible();
      await expectAccessible(page, 'activation waiting');
      expect(await overflow(page)).toBe(0);

      await moveClock(301);
      await expect(page.getByText('Nothing happened to your token.')).toBeVisible();
      await expectAccessible(page, 'activation expired');
      await moveClock(0);
      await page.goto(activatePath(second));
      await phone.scan(qr);
      await expect(page.getByTestId('activation-confirm')).toBeVisible();
      await expectAccessible(page, 'activation waiting for the code');
      for (let time = 1; time <= 3; time++) {
        const code = await phone.code(second.serialNumber);
        await typeCode(
          page,
          code.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10)),
        );
        await expect(page.getByText(/^That is not the code/)).toBeVisible();
        await expect(page.getByLabel('Digit 1 of 8')).toHaveValue('');
        await expect(page.getByLabel('Digit 1 of 8')).toBeEnabled();
      }
      await expectAccessible(page, 'activation with a wrong code');
      await typeCode(page, await phone.code(second.serialNumber));
      await expect(page.getByTestId('activation-done')).toBeVisible();
      await expectAccessible(page, 'activation done');

      await page.goto('/my');
      await page.getByRole('button', { name: 'Test your token' }).click();
      await expect(page.getByLabel('Digit 1 of 8')).toBeVisible();
      await expectAccessible(page, '/my with tokens');
      expect(await overflow(page)).toBe(0);
    });

    test('an activation that was stopped, and an address that leads nowhere', async ({
      page,
      api,
      qrProfile,
      phone,
    }) => {
      const person = await api.makePerson();
      const token = await api.makeWaitingToken(person, qrProfile);
      await signInAs(page, person, activatePath(token));
      await phone.scan(page.getByTestId('activation-qr'));
      await page.getByRole('button', { name: 'I did not scan this' }).click();
      await expect(page.getByText('This activation was stopped', { exact: true })).toBeVisible();
      await expectAccessible(page, 'activation stopped');
      await page.goto('/my/tokens/000000000000/activate');
      await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
      await expectAccessible(page, 'no such page');
    });
  });
}

/** Pixels by which the page is wider than the window. */
const overflow = (page: Parameters<typeof expectAccessible>[0]): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('Home, audit log, setup and definitions', async ({ page, api, qrProfile }) => {
  await api.makeWaitingToken(await api.makePerson(), qrProfile);
  await signInAsAdmin(page);
  await expect(page.getByRole('heading', { name: 'What happened last' })).toBeVisible();
  await expectAccessible(page, 'admin home');
  await page.goto('/admin/audit');
  await page.getByRole('listitem').getByRole('button').first().click();
  await expectAccessible(page, 'audit log');
  await page.goto('/admin/setup');
  await expect(page.getByRole('heading', { level: 1, name: 'Setup' })).toBeVisible();
  await expectAccessible(page, 'setup');
  await page.goto('/admin/device-definitions');
  await expect(page.getByRole('table')).toBeVisible();
  await expectAccessible(page, 'device definitions');
  await page.getByRole('button', { name: 'Import a definition' }).click();
  await page.getByRole('textbox', { name: 'or its text' }).fill('<!DOCTYPE x>\n<deviceDefinition/>');
  await page.getByRole('dialog').getByRole('button', { name: 'Import a definition' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page, 'import refused');
  await page.goto(`/admin/device-definitions/${(await api.deviceTypes()).get('iOS 2.x')}`);
  await expect(page.getByRole('heading', { level: 1, name: 'iOS 2.x' })).toBeVisible();
  await expectAccessible(page, 'device definition');
});

test('People', async ({ page, api, port, qrProfile, phone }) => {
  const person = await api.makePerson({ givenName: LONG, familyName: LONG });
  const token = await api.makeWaitingToken(person, qrProfile);
  await phone.follow(await AdminApi.linkFor(port, person, token));
  await api.makeTokens(3);
  await signInAsAdmin(page, '/admin/users');
  await expect(page.getByRole('table')).toBeVisible();
  await expectAccessible(page, 'users');
  await page.goto('/admin/users?search=nobody-at-all');
  await expect(page.getByText('No user fits')).toBeVisible();
  await expectAccessible(page, 'users, none found');
  await page.goto('/admin/users?add=true');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type one').check();
  await dialog.getByLabel('User name').fill('not allowed');
  await dialog.getByLabel('Given name').fill('Ada');
  await dialog.getByLabel('Family name').fill('Ash');
  await dialog.getByRole('textbox', { name: 'Password' }).fill('short');
  await dialog.getByRole('button', { name: 'Add a user' }).click();
  await expect(dialog.getByLabel('User name')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page, 'add a user, refused');
  await dialog.getByLabel('User name').fill(`ok.${unique()}`);
  await dialog.getByLabel('Make one and show it once').check();
  await dialog.getByRole('button', { name: 'Add a user' }).click();
  await expect(dialog).toContainText('This password is shown once');
  await expectAccessible(page, 'a password that is shown once');
  await page.goto(`/admin/users/${person.userName}`);
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();
  await expectAccessible(page, 'user');
  for (const [entry, what] of [
    ['Edit', 'edit a user'],
    ['Set a new password', 'set a password'],
    ['Disable', 'disable a user'],
  ] as const) {
    await page.getByRole('button', { name: 'More' }).click();
    if (entry === 'Edit') await expectAccessible(page, 'menu of a user');
    await page.getByRole('menuitem', { name: entry }).click();
    await expect(dialog).toBeVisible();
    await expectAccessible(page, what);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
  }
  await page.goto(`/admin/users/${person.userName}/assign`);
  await page
    .getByRole('checkbox', { name: /^Select \d/ })
    .first()
    .check();
  await expectAccessible(page, 'assign tokens');
});

test('Tokens', async ({ page, api, port, qrProfile, phone }) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await phone.follow(await AdminApi.linkFor(port, person, token));
  await signInAsAdmin(
    page,
    '/admin/tokens?status=%5B%22PENDING%22%2C%22ACTIVE%22%5D&expiresBefore=2040-01-01',
  );
  await page
    .getByRole('checkbox', { name: /^Select \d/ })
    .first()
    .check();
  await expectAccessible(page, 'tokens with filters and a selection');
  await page.getByRole('group', { name: 'Selected tokens' }).getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'disable tokens');
  await page.goto('/admin/tokens?make=true');
  await expect(page.getByRole('dialog', { name: 'Make tokens' })).toBeVisible();
  await expectAccessible(page, 'make tokens');
  await page.goto(`/admin/tokens/${token.serialNumber}`);
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();
  await expectAccessible(page, 'token');
  await page.getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'revoke a distribution');
  await page.goto('/admin/nothing-here');
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await expectAccessible(page, 'no such page');
});

test('Token profiles', async ({ page, api }) => {
  const profile = await api.makeProfile('CT_KIP_URL', { name: `${LONG} ${unique()}` });
  await signInAsAdmin(page, '/admin/profiles');
  await expect(page.getByRole('table')).toBeVisible();
  await expectAccessible(page, 'profiles');
  await page.goto('/admin/profiles/new');
  await expect(page.getByRole('combobox', { name: 'Device type' })).toBeVisible();
  await expectAccessible(page, 'new profile');
  await page.getByRole('combobox', { name: 'Device type' }).click();
  await expectAccessible(page, 'new profile, choice of the device type');
  await page.getByRole('option', { name: 'iPhone 1.3' }).click();
  await expect(page.getByText('What the user will see')).toBeVisible();
  await expectAccessible(page, 'new profile for a device that cannot scan');
  await page.goto(`/admin/profiles/${profile.id}`);
  await expect(page.getByRole('heading', { level: 1, name: profile.name })).toBeVisible();
  await expectAccessible(page, 'profile');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'edit a profile');
});

test('The wizard, the quick search and the account menu', async ({ page, api, urlProfile }) => {
  const person = await api.makePerson();
  const token = await api.makeTokenFor(person);
  await signInAsAdmin(page, '/admin/distribute');
  await expect(page.getByRole('table')).toBeVisible();
  await expectAccessible(page, 'wizard: who');
  await page.goto(`/admin/distribute?token=${token.serialNumber}`);
  await page.getByRole('radio', { name: urlProfile.name }).click();
  await expectAccessible(page, 'wizard: profile');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: 'Only this device' }).check();
  await page.getByLabel('Device id').fill('a1b2');
  await page.getByRole('radio', { name: 'One of my own' }).check();
  await expectAccessible(page, 'wizard: device');
  await page.getByRole('textbox', { name: 'Activation code', exact: true }).fill('password1234');
  await page.getByRole('button', { name: 'Next' }).click();
  const distribute = page.getByRole('button', { name: `Distribute token ${grouped(token.serialNumber)}` });
  await distribute.click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expectAccessible(page, 'wizard: check, refused');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('radio', { name: 'Twelve digits' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await distribute.click();
  await expect(page.getByText('Send address and activation code by two different ways')).toBeVisible();
  await expectAccessible(page, 'wizard: done');

  await page.getByRole('button', { name: 'Search' }).click();
  await page.keyboard.type(person.userName);
  await expect(page.getByRole('dialog')).toContainText(person.name);
  await expectAccessible(page, 'quick search');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Account/ }).click();
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
  await expectAccessible(page, 'account menu');
});

test('Account and API keys', async ({ page, api }) => {
  const person = await api.makePerson({ givenName: LONG, familyName: LONG, roles: ['AUDITOR'] });
  await signInAs(page, person, '/my/account');
  await expect(page.getByText('You have no API key')).toBeVisible();
  await expectAccessible(page, 'account');
  await page.getByRole('button', { name: 'New API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(LONG);
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await expect(dialog.getByText('Choose at least one permission.')).toBeVisible();
  await expectAccessible(page, 'new API key, refused');
  await dialog.getByRole('checkbox').first().check();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await expect(dialog.getByRole('button', { name: 'I have kept the key' })).toBeVisible();
  await expectAccessible(page, 'an API key that is shown once');
  await dialog.getByRole('button', { name: 'I have kept the key' }).click();
  await expect(page.getByRole('table', { name: 'API keys' })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page, 'account with an API key');
  expect(await overflow(page)).toBe(0);
  await page.getByRole('button', { name: `Revoke: ${LONG}` }).click();
  await expect(dialog).toBeVisible();
  await expectAccessible(page, 'revoke an API key');
  await page.goto('/admin/setup/api-keys');
  await expect(page.getByRole('table', { name: 'API keys' })).toBeVisible();
  await expectAccessible(page, 'everybody’s API keys');
  expect(await overflow(page)).toBe(0);
});

test('A long user name makes no page of the console wider than a phone', async ({ page, api, qrProfile }) => {
  const person = await api.makePerson({ userName: `${LONG.toLowerCase()}.${unique()}` });
  const token = await api.makeWaitingToken(person, qrProfile);
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAsAdmin(page);
  for (const path of ['/admin', `/admin/users/${person.userName}`, `/admin/tokens/${token.serialNumber}`]) {
    await page.goto(path);
    await expect(page.getByText(`distributed token ${grouped(token.serialNumber)} to`)).toBeVisible();
    expect(await overflow(page), path).toBe(0);
  }
  await expect(page.getByText('SecurID, 8 digits every 60 seconds')).toBeVisible();
  const { id: profileId } = await api.makeProfile('CTF');
  await page.goto(`/admin/distribute?token=${token.serialNumber}&profile=${profileId}&step=device`);
  await expect(page.getByRole('radiogroup', { name: 'How is it locked?' })).toBeVisible();
  expect(await overflow(page), 'how a link is locked').toBe(0);
});
