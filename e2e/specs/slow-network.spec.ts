import type { Page, Route } from '@playwright/test';
import { AdminApi, unique } from '../support/admin-api.ts';
import { expect, grouped, signInAs, signInAsAdmin, test } from '../support/test.ts';

const UNREACHABLE = /net::ERR_|Failed to fetch/;

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

// What a page still asks for when a test ends is nobody's.
test.afterEach(({ page }) => page.unrouteAll({ behavior: 'ignoreErrors' }));

test('An act whose answer is lost is not said to have changed nothing', async ({
  page,
  api,
  browserConsole,
}) => {
  browserConsole.allow(UNREACHABLE);
  const userName = `lost.${unique()}`;
  await onOperation(page, 'CreateUser', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await signInAsAdmin(page, '/admin/users?add=true');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User name').fill(userName);
  await dialog.getByLabel('Given name').fill('Lo');
  await dialog.getByLabel('Family name').fill('St');
  await dialog.getByRole('button', { name: 'Add a user' }).click();
  await expect(dialog.getByRole('alert')).toContainText('It may have been done all the same');
  await expect(dialog.getByLabel('User name')).toHaveValue(userName);
  const { nodes } = await api.run<{ nodes: unknown[] }>(
    'query ($search: String!) { users(first: 2, filter: { search: $search }) { nodes { id } } }',
    { search: userName },
  );
  expect(nodes).toHaveLength(1);
});

test('A dialog stays until its act is answered: what is shown once is not lost', async ({ page }) => {
  const keys = await holdAnswers(page, 'CreateApiKey');
  await signInAsAdmin(page, '/my/account');
  await page.getByRole('button', { name: 'New API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(`held ${unique()}`);
  await dialog.getByRole('checkbox').first().check();
  const make = dialog.getByRole('button', { name: 'Make the key' });
  await make.dblclick();
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeDisabled();
  keys.release();
  await expect(dialog.getByText('It is shown this once')).toBeVisible();
  expect(keys.asked()).toBe(1);
});

test('A question stays until its act is answered, and Escape does not hide a refusal', async ({
  page,
  api,
}) => {
  const person = await api.makePerson({ userName: `asked.${unique()}` });
  const token = await api.makeTokenFor(person);
  const acts = await holdAnswers(page, 'DisableTokens');
  await signInAsAdmin(page, `/admin/tokens?search=${person.userName}`);
  await page.getByRole('checkbox', { name: token.serialNumber }).check();
  await page.getByRole('group', { name: 'Selected tokens' }).getByRole('button', { name: 'Disable' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Disable the token' }).dblclick();
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeDisabled();
  acts.release();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('table', { name: 'Tokens' }).getByText('Disabled')).toBeVisible();
  expect(acts.asked()).toBe(1);
});

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
  // A click within a blink of the last one does not ask for the session; the next one does.
  await expect(async () => {
    if (!/sign-in/.test(page.url()))
      await page.getByRole('link', { name: 'Symbolon' }).click({ timeout: 2000 });
    await expect(page).toHaveURL(/\/sign-in/, { timeout: 2000 });
  }).toPass();
  const home = await holdAnswers(page, 'MyHome');
  await page.getByLabel('User name').fill(second.userName);
  await page.getByRole('textbox', { name: 'Password' }).fill(second.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(second.name)).toBeVisible();
  await expect.poll(home.asked).toBeGreaterThan(0);
  await expect(page.getByText(grouped(token.serialNumber))).toBeHidden();
  home.release();
});

test('A sign-out whose answer is lost leads away all the same', async ({ page, api, browserConsole }) => {
  browserConsole.allow(UNREACHABLE);
  await signInAs(page, await api.makePerson());
  await page.route('**/auth/sign-out', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('The queue catches up with what was decided while the socket was down', async ({
  page,
  api,
  port,
  qrProfile,
  browserConsole,
}) => {
  browserConsole.allow(/WebSocket/);
  await api.setWorkflow({ approvalSteps: 1, distributionStep: false, generateTokens: false });
  await api.setSelfService({ requestableProfileIds: [qrProfile.id], requestsEnabled: true });
  const person = await api.makePerson({ givenName: 'Gap', familyName: `Gale${unique()}` });
  const requestId = await AdminApi.ask(port, person, qrProfile, 'Asked before the gap.');
  let isDown = false;
  const open = new Set<() => void>();
  await page.routeWebSocket(/graphql/, (socket) => {
    if (isDown) return void socket.close({ code: 1012 });
    socket.connectToServer();
    open.add(() => void socket.close({ code: 1012 }));
  });
  const approver = await api.makePerson({ roles: ['REQUEST_APPROVER'] });
  await signInAs(page, approver, '/admin/requests');
  const row = page.getByRole('link', { name: new RegExp(person.name) });
  await expect(row.first()).toBeVisible();
  isDown = true;
  open.forEach((close) => close());
  await api.run(
    `mutation ($id: ID!) { rejectTokenRequest(input: { requestId: $id, comment: "No." }) {
      ... on UserError { message } ... on RejectTokenRequestSuccess { tokenRequest { id } } } }`,
    { id: requestId },
  );
  isDown = false;
  await expect(row).toHaveCount(0, { timeout: 25_000 });
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

test('What is typed while a group of settings is saved stays', async ({ page, api, qrProfile }) => {
  await api.setSelfService({ requestableProfileIds: [qrProfile.id] });
  await signInAsAdmin(page, '/admin/setup/self-service');
  const offers = page.locator('section').filter({ hasText: 'Profiles that people may ask for' });
  const name = offers.getByLabel('Display name');
  const saving = await holdAnswers(page, 'UpdateSelfServiceSettings');
  await name.fill('For phones');
  await offers.getByRole('button', { name: 'Save' }).click();
  await name.fill('For phones and tablets');
  saving.release();
  await expect(offers.getByRole('button', { name: 'Save' })).toBeEnabled();
  await expect(name).toHaveValue('For phones and tablets');
  await expect(offers.getByText('Not saved')).toBeVisible();
});

test('What is typed while the text of a mail is saved stays', async ({ page, api, browserConsole }) => {
  browserConsole.allow(/Blocked script execution in 'about:srcdoc'/);
  await signInAsAdmin(page, '/admin/setup/mail-texts');
  await page.getByRole('link', { name: 'Request rejected' }).click();
  const subject = page.getByLabel('Subject');
  const saving = await holdAnswers(page, 'UpdateMailTemplate');
  await subject.fill('Your request');
  await page.getByRole('button', { name: 'Save' }).click();
  await subject.fill('Your request for a token');
  saving.release();
  await expect(page.getByText('Not saved')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeEnabled();
  await expect(subject).toHaveValue('Your request for a token');
  await api.run(
    `mutation { resetMailTemplate(input: { event: REQUEST_REJECTED }) {
      ... on UserError { message } ... on ResetMailTemplateSuccess { template { event } } } }`,
  );
});

test('Whoever looks for a free token goes on typing while the answer is under way', async ({ page, api }) => {
  const person = await api.makePerson();
  const [token] = await api.makeTokens(1);
  await signInAsAdmin(page, `/admin/users/${person.userName}/assign`);
  const field = page.getByRole('searchbox');
  await field.click();
  const found = await holdAnswers(page, 'FreeTokens');
  await page.keyboard.type(token!.serialNumber.slice(0, 4));
  await expect.poll(found.asked).toBe(1);
  await page.keyboard.type(token!.serialNumber.slice(4));
  await expect(field).toHaveValue(token!.serialNumber);
  found.release();
  await expect(page.getByRole('table', { name: 'Unassigned tokens' }).locator('tbody tr')).toHaveCount(1);
});
