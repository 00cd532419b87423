import type { Page } from '@playwright/test';
import { unique } from '../support/admin-api.ts';
import { publicUrl } from '../support/installations.ts';
import { expect, REFUSED_REQUEST, signInAs, signInAsAdmin, test } from '../support/test.ts';

/** What a program does with its key: a call over HTTP with no cookie and no Origin. */
async function call(port: number, key: string, query: string) {
  const response = await fetch(`${publicUrl(port)}/graphql`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, ...((await response.json()) as { data?: unknown; errors?: unknown[] }) };
}

/** Makes a key on the screen and answers what it shows once. */
async function makeKey(page: Page, name: string, permissions: string[]): Promise<string> {
  await page.getByRole('button', { name: 'New API key' }).click();
  const dialog = page.getByRole('dialog', { name: 'New API key' });
  await dialog.getByLabel('Name').fill(name);
  for (const permission of permissions)
    await dialog.getByRole('checkbox', { name: permission, exact: true }).check();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  const made = page.getByRole('dialog', { name: `This is the key «${name}»` });
  const key = await made.getByRole('status', { name: 'API key' }).textContent();
  await expect(made.getByRole('status', { name: 'Try it' })).toContainText(
    'Authorization: Bearer $SYMBOLON_KEY',
  );
  // Neither Escape nor a click beside it loses a key that nobody can show again.
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await expect(made).toBeVisible();
  await made.getByRole('button', { name: 'I have kept the key' }).click();
  await expect(made).toBeHidden();
  return key!;
}

test('An API key’s life: made, used, seen in use and in the log, revoked, refused', async ({
  page,
  port,
  api,
}) => {
  const auditor = await api.makePerson({ roles: ['AUDITOR'] });
  await signInAs(page, auditor);
  await page.getByRole('button', { name: `Account: ${auditor.userName}` }).click();
  await page.getByRole('menuitem', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
  await expect(page.getByText('You have no API key')).toBeVisible();

  const name = `Nightly report ${unique()}`;
  await page.getByRole('button', { name: 'New API key' }).click();
  const dialog = page.getByRole('dialog', { name: 'New API key' });
  await expect(dialog.getByRole('checkbox', { name: 'Change settings' })).toHaveCount(0);
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await expect(dialog.getByText('Choose at least one permission.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const key = await makeKey(page, name, ['See users', 'Read the audit log']);
  expect(key).toMatch(/^symb_[\w-]{43}$/);
  const row = page.getByRole('table', { name: 'API keys' }).getByRole('row').filter({ hasText: name });
  await expect(row).toContainText(`${key.slice(0, 12)}…`);
  await expect(row).toContainText('See users · Read the audit log');
  await expect(row).toContainText('never');
  await expect(page.getByText(key)).toHaveCount(0);

  expect(await call(port, key, '{ viewer { userName } }')).toEqual({
    status: 200,
    data: { viewer: { userName: auditor.userName } },
  });
  expect((await call(port, key, '{ settings { qrMinutes } }')).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
  await page.reload();
  await expect(row).toContainText('from 127.0.0.1');

  await row.getByRole('button', { name: `Revoke: ${name}` }).click();
  const asks = page.getByRole('dialog', { name: `Revoke the API key «${name}»?` });
  await expect(asks).toContainText('Programs that use it are refused from now on');
  await expect(asks).toContainText('from 127.0.0.1');
  await asks.getByRole('button', { name: 'Revoke the key' }).click();
  await expect(row).toContainText('Revoked');
  await expect(row.getByRole('button', { name: /^Revoke/ })).toHaveCount(0);
  expect(await call(port, key, '{ viewer { userName } }')).toMatchObject({
    status: 401,
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });

  await page.goto(`/admin/audit?user=${auditor.userName}`);
  await expect(page.getByText(`${auditor.userName} revoked the API key «${name}»`)).toBeVisible();
  await expect(page.getByText(`${auditor.userName} made the API key «${name}»`)).toBeVisible();
});

test('An administrator sees everybody’s keys, and what a key did; its owner hears of the end', async ({
  page,
  port,
  api,
  mail,
  browser,
  baseURL,
  browserConsole,
}) => {
  const owner = await api.makePerson({ roles: ['SUPER_ADMIN'] });
  const name = `HR import ${unique()}`;
  const desk = await browser.newContext({ baseURL: baseURL! });
  browserConsole.watch(desk);
  const theirs = await desk.newPage();
  await signInAs(theirs, owner, '/my/account');
  const key = await makeKey(theirs, name, ['See users', 'Enable and disable users', 'Add and change users']);
  const userName = `gil.${unique()}`;
  const made = await call(
    port,
    key,
    `mutation { createUser(input: { userName: "${userName}", givenName: "Gil", familyName: "Ash" }) { __typename } }`,
  );
  expect(made.data).toEqual({ createUser: { __typename: 'CreateUserSuccess' } });

  await signInAsAdmin(page, `/admin/audit?user=${userName}`);
  await expect(
    page.getByText(`${owner.userName}, by key ‹${name}›, added the user ${userName}`),
  ).toBeVisible();
  await page.goto('/admin/setup');
  await page
    .getByRole('navigation', { name: 'Pages of Setup' })
    .getByRole('link', { name: 'API keys' })
    .click();
  await page.getByLabel('Search by name, first characters or owner').fill(owner.userName);
  const row = page.getByRole('table').getByRole('row').filter({ hasText: name });
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
  await expect(row.getByRole('link', { name: owner.userName })).toBeVisible();
  await row.getByRole('button', { name: `Revoke: ${name}` }).click();
  const asks = page.getByRole('dialog');
  await expect(asks).toContainText(`The key belongs to ${owner.userName}, who is told by mail.`);
  await asks.getByRole('button', { name: 'Revoke the key' }).click();
  await expect(row).toContainText('Revoked');
  expect((await call(port, key, '{ viewer { userName } }')).status).toBe(401);
  const told = await mail.find(owner, /is revoked$/);
  expect(told.subject).toBe(`Your API key «${name}» is revoked`);
  expect((await mail.find(owner, /^New API key/)).subject).toBe(`New API key «${name}»`);
  await desk.close();
});

test('Where one is signed in: another session is ended from here, and then all others', async ({
  page,
  api,
  browser,
  baseURL,
  browserConsole,
}) => {
  browserConsole.allow(REFUSED_REQUEST);
  const person = await api.makePerson();
  const elsewhere = async (userAgent: string) => {
    const context = await browser.newContext({ baseURL: baseURL!, userAgent });
    const other = await context.newPage();
    await signInAs(other, person);
    return other;
  };
  const firefox = await elsewhere(
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  );
  const safari = await elsewhere(
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  );
  await signInAs(page, person);
  await page.getByRole('link', { name: 'Account' }).click();
  const table = page.getByRole('table', { name: 'Where you are signed in' });
  await expect(table.getByRole('row')).toHaveCount(4);
  await expect(table.getByRole('row').filter({ hasText: 'this one' }).getByRole('button')).toHaveCount(0);
  // Who holds no permission has no use for a key.
  await expect(page.getByRole('heading', { name: 'API keys' })).toHaveCount(0);

  await table.getByRole('button', { name: /^End: Firefox on Windows/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Firefox on Windows (127.0.0.1) is signed out at once.');
  await dialog.getByRole('button', { name: 'End the session' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'One session has ended.' })).toBeVisible();
  await expect(table.getByRole('row')).toHaveCount(3);
  await firefox.reload();
  await expect(firefox).toHaveURL(/\/sign-in/);

  await safari.reload();
  await expect(safari.getByRole('heading', { level: 1, name: 'My Authenticators' })).toBeVisible();
  await page.getByRole('button', { name: 'End all others' }).click();
  await dialog.getByRole('button', { name: 'End all others' }).click();
  await expect(table.getByRole('row')).toHaveCount(2);
  await safari.reload();
  await expect(safari).toHaveURL(/\/sign-in/);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
  await firefox.context().close();
  await safari.context().close();
});
