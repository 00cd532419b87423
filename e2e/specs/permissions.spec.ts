import type { Page } from '@playwright/test';
import { unique } from '../support/admin-api.ts';
import {
  activatePath,
  expect,
  grouped,
  REFUSED_REQUEST,
  signIn,
  signInAs,
  signInAsAdmin,
  test,
} from '../support/test.ts';

async function trySignIn(page: Page, userName: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(userName);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const MARKUP = '<img src=x onerror="document.title=1">';

test('The help desk sees its own work only, and direct addresses answer sensibly', async ({ page, api }) => {
  const helper = await api.makePerson({ givenName: 'Hana', roles: ['HELP_DESK'] });
  const person = await api.makePerson();
  const token = await api.makeTokenFor(person);
  await signInAs(page, helper);
  await expect(page).toHaveURL(/\/admin\/?$/);
  const navigation = page.getByRole('navigation', { name: 'Navigation' });
  await expect(navigation.getByRole('link')).toHaveText([
    'Home',
    'Requests',
    'Users',
    'Tokens',
    'Jobs',
    'Token profiles',
    'Device definitions',
  ]);

  await navigation.getByRole('link', { name: 'Token profiles' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Token profiles' })).toBeVisible();
  await expect(page.getByText('Add a token profile')).toHaveCount(0);

  await page.goto(`/admin/users/${person.userName}`);
  await expect(page.getByRole('heading', { level: 1, name: person.name })).toBeVisible();
  await expect(page.getByText('Assign more tokens')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Distribute' })).toHaveCount(0);
  await page.getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('menuitem')).toHaveText(['Disable']);

  await page.goto(`/admin/tokens/${token.serialNumber}`);
  await expect(page.getByRole('heading', { level: 1, name: grouped(token.serialNumber) })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Distribute' })).toHaveCount(0);
  await page.getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('menuitem')).toHaveText(['Disable']);
});

for (const address of ['/admin/audit', '/admin/setup', '/admin/profiles/new', '/admin/distribute']) {
  test(`The help desk gets nothing to act on at ${address}`, async ({ page, api }) => {
    const { serialNumber } = await api.makeTokenFor(await api.makePerson());
    const query = address.endsWith('distribute') ? `?token=${serialNumber}` : '';
    await signInAs(page, await api.makePerson({ roles: ['HELP_DESK'] }));
    await page.goto(address + query);
    const navigation = page.getByRole('navigation', { name: 'Navigation' });
    await expect(navigation.getByRole('link', { name: 'Users' })).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expect(page.getByRole('button', { name: /^(Save|Add profile|Distribute token)/ })).toHaveCount(0);
    await expect(page.getByText(/signed in$/)).toHaveCount(0);
    await navigation.getByRole('link', { name: 'Users' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  });
}

test('A request that the help desk’s screens do not offer is refused by the server', async ({
  page,
  api,
  qrProfile,
}) => {
  const { serialNumber } = await api.makeTokenFor(await api.makePerson());
  await signInAs(page, await api.makePerson({ roles: ['HELP_DESK'] }));
  const answer = await page.evaluate(
    async ([profileId, serial]) => {
      const ask = async (query: string, variables: object) =>
        (
          await fetch('/graphql', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ query, variables }),
          })
        ).json();
      const { data } = await ask('query ($serial: String!) { token(serialNumber: $serial) { id } }', {
        serial,
      });
      return ask(
        'mutation ($input: DistributeTokenInput!) { distributeToken(input: $input) { __typename } }',
        {
          input: { tokenId: data.token.id, profileId },
        },
      );
    },
    [qrProfile.id, serialNumber],
  );
  expect(answer.errors[0].extensions.code).toBe('FORBIDDEN');
});

test('The quick search offers acts only to those who may do them', async ({ page, api }) => {
  await signInAs(page, await api.makePerson({ roles: ['HELP_DESK'] }));
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('dialog')).toContainText('Type a name or a serial number.');
  await expect(page.getByText('Add a token profile')).toHaveCount(0);
});

test('An ordinary person who opens the console lands in self-service', async ({ page, api }) => {
  const person = await api.makePerson();
  await signInAs(page, person);
  await expect(page).toHaveURL(/\/my$/);
  await expect(page.getByText('You have no token yet')).toBeVisible();
  await expect(page.getByText('Security Console')).toHaveCount(0);
  for (const address of ['/admin', '/admin/users', '/admin/audit', '/admin/distribute']) {
    await page.goto(address);
    await expect(page).toHaveURL(/\/my$/);
  }
  await expect(page.getByText('You have no token yet')).toBeVisible();
});

test('Somebody else’s token cannot be opened in self-service', async ({ page, api, qrProfile }) => {
  const token = await api.makeWaitingToken(await api.makePerson(), qrProfile);
  await signInAs(page, await api.makePerson({ givenName: 'Mallory' }), activatePath(token));
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await expect(page.getByTestId('activation-qr')).toHaveCount(0);
});

test('Nobody who administers distributes a token to themselves', async ({ page, api }) => {
  const admin = await api.makePerson({ roles: ['TOKEN_ADMIN'] });
  const token = await api.makeTokenFor(admin);
  await signInAs(page, admin, `/admin/users/${admin.userName}`);
  await expect(page.getByText('This is you.')).toBeVisible();
  await expect(page.getByText('Assign more tokens')).toHaveCount(0);
  await page.goto(`/admin/tokens/${token.serialNumber}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Distribute', exact: true })).toHaveCount(1);
});

test('Signed out, an address leads to sign-in and from there to where one wanted to go', async ({
  page,
  api,
  browserConsole,
}) => {
  const helper = await api.makePerson({ roles: ['HELP_DESK'] });
  const person = await api.makePerson();
  await page.goto(`/admin/users/${person.userName}`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  browserConsole.allow(REFUSED_REQUEST);
  await trySignIn(page, helper.userName, 'wrong on purpose');
  await expect(page.getByRole('alert')).toHaveText(
    'User name or password is wrong. Check both and try again.',
  );
  await expect(page.getByLabel('User name')).toHaveValue(helper.userName);
  await trySignIn(page, helper.userName, helper.password);
  await expect(page).toHaveURL(new RegExp(`/admin/users/${person.userName}$`));
});

test('The way on after sign-in never leads to another site', async ({ page, api, baseURL }) => {
  const person = await api.makePerson();
  for (const next of ['//example.com/', 'https://example.com/', '/\\example.com']) {
    await signIn(page, person.userName, person.password, next);
    await expect(page).toHaveURL(`${baseURL}/my`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
  }
});

test('Sign-out ends the session, also for who goes back', async ({ page, context, api }) => {
  await signInAs(page, await api.makePerson());
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await context.addCookies([cookie!]);
  await page.goto('/my');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('Sign-out works where no WebSocket gets an answer', async ({ page, api }) => {
  await page.routeWebSocket(/graphql/, () => {});
  await signInAs(page, await api.makePerson());
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('Who is disabled is out at the next click and cannot come back', async ({
  page,
  api,
  qrProfile,
  browserConsole,
}) => {
  browserConsole.allow(REFUSED_REQUEST);
  browserConsole.allow(/WebSocket/);
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  await expect(page.getByTestId('activation-qr')).toBeVisible();
  await api.setEnabled(person, false);

  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await trySignIn(page, person.userName, person.password);
  await expect(page.getByRole('alert')).toHaveText(
    'User name or password is wrong. Check both and try again.',
  );
});

test('Markup in names is text on every page', async ({ page, api, baseURL, browserConsole, browser }) => {
  const person = await api.makePerson({ givenName: MARKUP, familyName: '<b>Bold</b>' });
  const profile = await api.makeProfile('CT_KIP_QR', { name: `${MARKUP} ${unique()}` });
  const token = await api.makeWaitingToken(person, profile);
  await signInAsAdmin(page);
  const addresses = [
    '/admin',
    `/admin/users?search=${encodeURIComponent(person.userName)}`,
    `/admin/users/${encodeURIComponent(person.userName)}`,
    `/admin/users/${encodeURIComponent(person.userName)}/assign`,
    `/admin/tokens?search=${token.serialNumber}`,
    `/admin/tokens/${token.serialNumber}`,
    '/admin/profiles',
    `/admin/profiles/${profile.id}`,
    `/admin/distribute?token=${token.serialNumber}`,
    `/admin/audit?serial=${token.serialNumber}`,
  ];
  for (const address of addresses) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (address !== '/admin')
      await expect(page.getByText(/<img src=x|000|\d{4} \d{4}/).first()).toBeVisible();
    await expect(page.locator('img[src="x"], main b')).toHaveCount(0);
  }
  await page.goto(`/admin/audit?serial=${token.serialNumber}`);
  await expect(page.getByText(`with «${profile.name}»`)).toBeVisible();
  await page.goto(`/admin/users/${person.userName}`);
  await expect(page.getByRole('heading', { level: 1, name: person.name })).toBeVisible();

  const desk = await browser.newContext({ baseURL: baseURL! });
  browserConsole.watch(desk);
  const mine = await desk.newPage();
  await signInAs(mine, person);
  await expect(mine.getByText(person.name)).toBeVisible();
  await expect(mine.locator('img[src="x"], main b')).toHaveCount(0);
  expect(await mine.title()).not.toBe('1');
  await desk.close();
});
