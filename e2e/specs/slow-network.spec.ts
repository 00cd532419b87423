import type { Page, Route } from '@playwright/test';
import { expect, grouped, signInAs, signInAsAdmin, test } from '../support/test.ts';

/** Treats the requests of one GraphQL operation apart; all others go on. */
async function onOperation(page: Page, name: string, treat: (route: Route) => Promise<void>): Promise<void> {
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName === name) await treat(route);
    else await route.fallback();
  });
}

/** Lets an operation reach the server, and holds its answers back until `release` is called. */
async function holdAnswers(page: Page, name: string): Promise<{ asked: () => number; release: () => void }> {
  const held = Promise.withResolvers<void>();
  let asked = 0;
  await onOperation(page, name, async (route) => {
    asked += 1;
    const response = await route.fetch();
    await held.promise;
    await route.fulfill({ response });
  });
  return { asked: () => asked, release: () => held.resolve() };
}

test('Who signs in after somebody else sees nothing of theirs, however slow the answers are', async ({
  page,
  context,
  api,
  browserConsole,
}) => {
  browserConsole.allow(/status of 40|WebSocket/);
  const first = await api.makePerson();
  const second = await api.makePerson({ givenName: 'Bea', familyName: 'Birk' });
  const token = await api.makeTokenFor(first);
  await signInAs(page, first);
  await expect(page.getByText(grouped(token.serialNumber))).toBeVisible();

  await context.clearCookies();
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
  await page.getByRole('link', { name: 'Symbolon' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  const home = await holdAnswers(page, 'MyHome');
  await page.getByLabel('User name').fill(second.userName);
  await page.getByRole('textbox', { name: 'Password' }).fill(second.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(second.name)).toBeVisible();
  await expect.poll(home.asked).toBeGreaterThan(0);
  await expect(page.getByText(grouped(token.serialNumber))).toBeHidden();
  home.release();
});

test('What is typed stays when the session is told late', async ({ page }) => {
  await signInAsAdmin(page, '/admin/users');
  const session = await holdAnswers(page, 'Session');
  await expect(async () => {
    await page.getByRole('link', { name: 'Tokens', exact: true }).click();
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    expect(session.asked()).toBeGreaterThan(0);
  }).toPass();
  await page.getByRole('button', { name: 'Add a user' }).first().click();
  const userName = page.getByRole('dialog').getByLabel('User name');
  await userName.fill('typed');
  const told = page.waitForResponse(
    (response) => response.request().postData()?.includes('Session') ?? false,
  );
  session.release();
  await told;
  await page.keyboard.type(' on');
  await expect(userName).toHaveValue('typed on');
});
