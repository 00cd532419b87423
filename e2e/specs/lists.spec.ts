import type { Locator, Page } from '@playwright/test';
import { unique } from '../support/admin-api.ts';
import { ADMIN_PASSWORD } from '../support/installations.ts';
import { expect, grouped, signInAsAdmin, test } from '../support/test.ts';

const rows = (page: Page, table: string) => page.getByRole('table', { name: table }).locator('tbody tr');

test('People are found by a part of their name, and the address keeps the search', async ({ page, api }) => {
  const family = `Quill${unique()}`;
  const here = await api.makePerson({ givenName: 'Ines', familyName: family });
  const gone = await api.makePerson({ givenName: 'Otto', familyName: family });
  await api.setEnabled(gone, false);
  await signInAsAdmin(page, '/admin/users');
  await page.getByRole('searchbox', { name: 'Name, user name or e-mail' }).fill(family.toUpperCase());
  await expect(rows(page, 'Users')).toHaveCount(2);

  await page.getByRole('radiogroup', { name: 'Show' }).getByText('Disabled').click();
  await expect(rows(page, 'Users')).toHaveCount(1);
  await expect(rows(page, 'Users')).toContainText(gone.name);
  await expect(page).toHaveURL(/search=QUILL.*enabled=false|enabled=false.*search=QUILL/);

  await page.reload();
  await expect(rows(page, 'Users')).toHaveCount(1);
  await expect(page.getByRole('searchbox')).toHaveValue(family.toUpperCase());
  await expect(page.getByRole('radio', { name: 'Disabled' })).toBeChecked();

  await page.getByRole('link', { name: gone.name }).click();
  await expect(page.getByRole('heading', { level: 1, name: gone.name })).toBeVisible();
  await page.goBack();
  await expect(rows(page, 'Users')).toHaveCount(1);
  await expect(page.getByRole('searchbox')).toHaveValue(family.toUpperCase());
  await page.getByRole('radiogroup', { name: 'Show' }).getByText('Enabled').click();
  await expect(rows(page, 'Users')).toContainText(here.name);

  await page.getByRole('searchbox').fill(`nobody ${unique()}`);
  await expect(page.getByText('No user fits')).toBeVisible();
});

test('Tokens are filtered by owner, status and day, and the filters survive reload and back', async ({
  page,
  api,
}) => {
  const person = await api.makePerson({ userName: `tokens.${unique()}` });
  const early = (await api.makeTokens(1, '2027-01-31'))[0]!;
  const late = (await api.makeTokens(1, '2035-01-31'))[0]!;
  await api.assign(person, [early, late]);
  await signInAsAdmin(page, '/admin/tokens');
  await page.getByRole('searchbox', { name: 'Serial number, owner or nickname' }).fill(person.userName);
  await expect(rows(page, 'Tokens')).toHaveCount(2);
  await expect(page.getByText('2 tokens', { exact: true })).toBeVisible();
  await page.getByLabel('Expires before').fill('2030-01-01');
  await expect(rows(page, 'Tokens')).toHaveCount(1);
  await expect(rows(page, 'Tokens')).toContainText(grouped(early.serialNumber));
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Assigned', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/status=.*ASSIGNED/);

  await page.reload();
  await expect(rows(page, 'Tokens')).toHaveCount(1);
  await expect(page.getByLabel('Expires before')).toHaveValue('2030-01-01');
  await page.getByRole('link', { name: grouped(early.serialNumber) }).click();
  await expect(page.getByRole('heading', { level: 1, name: grouped(early.serialNumber) })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/expiresBefore=2030-01-01/);
  await expect(rows(page, 'Tokens')).toHaveCount(1);

  await page.getByRole('combobox', { name: 'Status' }).press('ArrowDown');
  await page.getByRole('option', { name: 'Assigned', exact: true }).click();
  await page.getByRole('option', { name: 'Disabled', exact: true }).click();
  await expect(page.getByText('No token fits these filters')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Drop filters' }).click();
  await expect(page).toHaveURL(/\/admin\/tokens\/?$/);
  await expect(page.getByRole('searchbox')).toHaveValue('');
});

test('No click waits for the session to be asked for, and of quick ones none is lost', async ({ page }) => {
  await signInAsAdmin(page, '/admin/tokens');
  await expect(page.getByRole('combobox', { name: 'Status' })).toBeVisible();
  const held = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName === 'Session') await held.promise;
    await route.continue();
  });
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Assigned', exact: true }).click();
  await page.getByRole('option', { name: 'Disabled', exact: true }).click();
  await expect(page).toHaveURL(/status=.*ASSIGNED.*DISABLED/);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  held.resolve();
  await page.unrouteAll({ behavior: 'wait' });
});

test('Several tokens are disabled and enabled in one go', async ({ page, api }) => {
  const person = await api.makePerson({ userName: `several.${unique()}` });
  const tokens = await api.makeTokens(2);
  await api.assign(person, tokens);
  await signInAsAdmin(page, `/admin/tokens?search=${person.userName}`);
  await page.getByRole('checkbox', { name: 'Select all rows of this page' }).check();
  const acts = page.getByRole('group', { name: 'Selected tokens' });
  await expect(acts).toContainText('2 selected');
  await acts.getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByRole('dialog')).toContainText('Their codes are refused at once');
  await page.getByRole('dialog').getByRole('button', { name: 'Disable 2 tokens' }).click();
  await expect(rows(page, 'Tokens').getByText('Disabled')).toHaveCount(2);
});

test('Long lists turn their pages, and the page stands in the address', async ({ page, api }) => {
  await api.makeTokens(120);
  await signInAsAdmin(page, '/admin/tokens');
  const first = await rows(page, 'Tokens').first().textContent();
  await page
    .getByRole('button', { name: 'Next' })
    .or(page.getByRole('link', { name: 'Next' }))
    .click();
  await expect(page).toHaveURL(/after=/);
  await expect(rows(page, 'Tokens').first()).not.toHaveText(first!);
  await page.reload();
  await expect(rows(page, 'Tokens').first()).not.toHaveText(first!);
  await page
    .getByRole('button', { name: 'Previous' })
    .or(page.getByRole('link', { name: 'Previous' }))
    .click();
  await expect(rows(page, 'Tokens').first()).toHaveText(first!);
});

/** Goes down to a result of the quick search and takes it. */
async function choose(page: Page, name: string): Promise<void> {
  const result = page.getByRole('dialog').getByRole('button', { name });
  await expect(result).toBeVisible();
  for (let steps = 0; steps < 12 && !(await result.getAttribute('data-selected')); steps++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
}

for (const shortcut of ['/', 'Control+k']) {
  test(`The quick search opens by ${shortcut} and finds people, tokens and acts`, async ({ page, api }) => {
    const person = await api.makePerson({ givenName: 'Zora', familyName: `Quick${unique()}` });
    const token = await api.makeTokenFor(person);
    await signInAsAdmin(page, '/admin/audit');
    await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible();
    await page.keyboard.press(shortcut);
    const field = page.getByPlaceholder('Name, user name, serial number, or what you want to do');
    await expect(field).toBeFocused();
    await page.keyboard.type(person.name.toLowerCase().split(' ')[1]!);
    await choose(page, person.name);
    await expect(page).toHaveURL(`/admin/users/${person.userName}`);

    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press(shortcut);
    await expect(field).toBeFocused();
    await page.keyboard.type(token.serialNumber.slice(2));
    await choose(page, grouped(token.serialNumber));
    await expect(page).toHaveURL(`/admin/tokens/${token.serialNumber}`);

    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press(shortcut);
    await expect(field).toBeFocused();
    await page.keyboard.type('add a user');
    await choose(page, 'Add a user');
    await expect(page.getByRole('dialog', { name: 'Add a user' })).toBeVisible();
  });
}

test('Enter in the quick search waits for what is found for the whole text', async ({ page, api }) => {
  const person = await api.makePerson({ givenName: 'Yael', familyName: `Swift${unique()}` });
  await signInAsAdmin(page, '/admin/audit');
  await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('textbox', { name: /Name, user name/ })).toBeFocused();
  await page.keyboard.type('yael');
  await expect(page.getByRole('dialog').getByRole('button').first()).toBeVisible();
  await page.keyboard.type(` ${person.name.split(' ')[1]!}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/admin/users/${person.userName}`);
});

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let steps = 0; steps < 80; steps++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not reach it.');
}

test('From sign-in to a distributed token with the keyboard alone', async ({ page, api, qrProfile }) => {
  const person = await api.makePerson({ givenName: 'Kei' });
  const token = await api.makeTokenFor(person);
  await page.goto('/sign-in');
  await expect(page.getByLabel('User name')).toBeFocused();
  await page.keyboard.type('admin');
  await tabTo(page, page.getByRole('textbox', { name: 'Password' }));
  await page.keyboard.type(ADMIN_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();

  await tabTo(page, page.getByRole('navigation').getByRole('link', { name: 'Distribute' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('searchbox', { name: 'Person or serial number' }));
  await page.keyboard.type(person.userName);
  await expect(rows(page, 'Who gets it')).toHaveCount(1);
  await tabTo(page, page.getByRole('button', { name: `Choose token ${token.serialNumber}` }));
  await page.keyboard.press('Enter');
  const card = page.getByRole('radio', { name: qrProfile.name });
  await tabTo(page, card);
  await page.keyboard.press('Space');
  await expect(card).toBeChecked();
  await tabTo(page, page.getByRole('button', { name: 'Next' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('radio', { name: 'Any device of this kind' }));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'Whichever activates first' })).toBeChecked();
  await tabTo(page, page.getByRole('button', { name: 'Next' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: `Distribute token ${grouped(token.serialNumber)}` }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /is waiting for Kei's phone/ })).toBeVisible();
});
