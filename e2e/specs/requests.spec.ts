import { AdminApi } from '../support/admin-api.ts';
import { expect, grouped, signInAs, test, typeCode } from '../support/test.ts';

test.beforeEach(async ({ api, qrProfile, mail }) => {
  await mail.start();
  await api.setWorkflow({ approvalSteps: 1, distributionStep: false, generateTokens: false });
  await api.setSelfService({
    requestableProfileIds: [qrProfile.id],
    defaultProfileId: qrProfile.id,
    requestsEnabled: true,
    allowActivationLinkByEmail: false,
  });
});

test('A person asks, an approver approves, a mail says so, and the token is activated and used', async ({
  api,
  browser,
  browserConsole,
  page,
  phone,
  mail,
  qrProfile,
}) => {
  test.setTimeout(120_000);
  const dora = await api.makePerson({ givenName: 'Dora', familyName: 'Dahl' });
  const erik = await api.makePerson({ givenName: 'Erik', familyName: 'Ek', roles: ['REQUEST_APPROVER'] });
  await api.makeTokens(1);

  await test.step('she asks for a token', async () => {
    await signInAs(page, dora);
    await expect(page.getByText('You have no token yet').first()).toBeVisible();
    await page.getByRole('link', { name: 'Ask for one' }).click();
    await expect(page.getByRole('radio', { name: qrProfile.name })).toBeChecked();
    await expect(page.getByText('iPhone or iPad, scans a QR code')).toBeVisible();
    await page.getByRole('textbox', { name: 'Reason' }).fill('I work from home.');
    await page.getByRole('button', { name: 'Send the request' }).click();
    await expect(page).toHaveURL(/\/my$/);
    await expect(page.getByText(/With the approver since/).first()).toBeVisible();
    await mail.find(dora, /asked for a new token/);
    expect((await mail.find(erik, /Dora Dahl asks for a new token/)).text).toContain('/admin/requests');
  });

  const desk = await browser.newContext({ baseURL: new URL(page.url()).origin });
  browserConsole.watch(desk);
  const queue = await desk.newPage();
  await test.step('the approver finds it without searching, and approves', async () => {
    await signInAs(queue, erik);
    await queue
      .getByRole('link', { name: /^Requests/ })
      .first()
      .click();
    await queue.getByText('Dora Dahl').first().click();
    await expect(queue.getByText('I work from home.')).toBeVisible();
    await expect(queue.getByText('first token').first()).toBeVisible();
    await queue.getByRole('textbox', { name: 'Comment' }).fill('Welcome to the team.');
    await queue.getByRole('textbox', { name: 'Note' }).fill('Checked with her manager.');
    await queue.getByRole('button', { name: 'Approve for Dora' }).click();
    await expect(queue.getByRole('button', { name: 'Approve for Dora' })).toBeHidden();
    await desk.close();
  });

  await test.step('the mail says that it is approved and needs activation', async () => {
    const approved = await mail.find(dora, /approved/);
    expect(approved.text).toContain('needs activation');
    expect(approved.text).toContain('Welcome to the team.');
    expect(approved.text).not.toContain('Checked with her manager.');
    expect(approved.text).toContain(`${new URL(page.url()).origin}/my`);
  });

  await test.step('her page has changed by itself; she activates by QR code', async () => {
    await page.getByRole('link', { name: 'Activate your token' }).click();
    const serialNumber = await phone.scan(page.getByTestId('activation-qr'));
    await expect(page.getByLabel('Digit 1 of 8')).toBeFocused();
    await page.keyboard.type(await phone.code(serialNumber));
    await expect(page.getByRole('heading', { name: 'Done: your token is ready to use' })).toBeVisible();
    await mail.find(dora, /is active/);
    await page.getByRole('link', { name: 'My Authenticators' }).click();
    await expect(page.getByTestId(`token-${serialNumber}`)).toContainText('Active');
  });

  await test.step('and uses it; the request is done, with every step', async () => {
    await page.getByRole('link', { name: 'All your requests' }).click();
    await page.getByRole('link', { name: /New token/ }).click();
    await expect(page.getByText('Erik Ek approved it')).toBeVisible();
    await expect(page.getByText('Welcome to the team.')).toBeVisible();
    await expect(page.getByText('Checked with her manager.')).toBeHidden();
    await expect(page.getByText('The token is yours').first()).toBeVisible();
  });
});

test('Two steps need two approvers, and the first cannot give both', async ({
  api,
  browser,
  page,
  port,
  qrProfile,
}) => {
  await api.setWorkflow({ approvalSteps: 2 });
  const asking = await api.makePerson({ givenName: 'Frida', familyName: 'Falk' });
  const first = await api.makePerson({ givenName: 'Gus', familyName: 'Gran', roles: ['REQUEST_APPROVER'] });
  const second = await api.makePerson({
    givenName: 'Hedda',
    familyName: 'Holm',
    roles: ['REQUEST_APPROVER'],
  });
  await api.makeTokens(1);
  const id = await AdminApi.ask(port, asking, qrProfile, 'Travel');
  const address = `/admin/requests?id=${encodeURIComponent(id)}`;

  await signInAs(page, first, address);
  await expect(page.getByText(/step 1 of 2/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Approve for Frida' }).click();
  await page.goto(address);
  await expect(
    page.getByText('You approved an earlier step. A different approver decides this one.'),
  ).toBeVisible();

  const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const queue = await other.newPage();
  await signInAs(queue, second, address);
  await expect(queue.getByText('Gus Gran approved step 1 of 2')).toBeVisible();
  await queue.getByRole('button', { name: 'Approve for Frida' }).click();
  await queue.goto(address);
  await expect(queue.getByText('Waits for activation').first()).toBeVisible();
  await other.close();
});

test('A rejection ends the request, and the requester reads why', async ({
  api,
  page,
  port,
  qrProfile,
  mail,
}) => {
  const asking = await api.makePerson({ givenName: 'Ines', familyName: 'Iversen' });
  const approver = await api.makePerson({ givenName: 'Jon', familyName: 'Jul', roles: ['REQUEST_APPROVER'] });
  const id = await AdminApi.ask(port, asking, qrProfile, 'Just in case');
  await signInAs(page, approver, `/admin/requests?id=${encodeURIComponent(id)}`);
  await page.getByText('Reject', { exact: true }).first().click();
  await page.getByRole('textbox', { name: 'Comment' }).fill('Ask again when you travel.');
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  expect((await mail.find(asking, /rejected|not approved/i)).text).toContain('Ask again when you travel.');
  await page.context().clearCookies();
  await signInAs(page, asking);
  await expect(page.getByText('Rejected: Ask again when you travel.').first()).toBeVisible();
});

test('Without a free token the request waits, and goes on by itself', async ({
  api,
  page,
  port,
  qrProfile,
  mail,
}) => {
  await api.emptyStock();
  const asking = await api.makePerson({ givenName: 'Kaja', familyName: 'Kvist' });
  const approver = await api.makePerson({
    givenName: 'Lars',
    familyName: 'Lind',
    roles: ['REQUEST_APPROVER'],
  });
  const id = await AdminApi.ask(port, asking, qrProfile, 'New job');
  await signInAs(page, approver, `/admin/requests?id=${encodeURIComponent(id)}`);
  await expect(page.getByText('no token is free').first()).toBeVisible();
  await page.getByRole('button', { name: 'Approve for Kaja' }).click();
  await expect(page.getByText(/approved requests? waits? for a free token/).first()).toBeVisible();
  await page.goto('/admin');
  await expect(page.getByText(/waits? for a (free )?token/i).first()).toBeVisible();
  const [token] = await api.makeTokens(1);
  const ready = await mail.find(asking, /ready to activate|ready/i);
  expect(ready.text).toContain(grouped(token!.serialNumber));
});

test('Of two approvers at once one decides, and the other is told who was first', async ({
  api,
  browser,
  page,
  port,
  qrProfile,
}) => {
  const asking = await api.makePerson({ givenName: 'Mia', familyName: 'Moe' });
  const slow = await api.makePerson({ givenName: 'Nils', familyName: 'Nes', roles: ['REQUEST_APPROVER'] });
  const quick = await api.makePerson({ givenName: 'Oda', familyName: 'Odd', roles: ['REQUEST_APPROVER'] });
  await api.makeTokens(1);
  const id = await AdminApi.ask(port, asking, qrProfile, 'Race');
  const address = `/admin/requests?id=${encodeURIComponent(id)}`;
  await signInAs(page, slow, address);
  await expect(page.getByRole('button', { name: 'Approve for Mia' })).toBeVisible();
  const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const queue = await other.newPage();
  await signInAs(queue, quick, address);
  await queue.getByRole('button', { name: 'Approve for Mia' }).click();
  // Live, without a click: the other one's page says who decided.
  await expect(page.getByText(/Oda Odd approved it/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve for Mia' })).toBeHidden();
  await other.close();
});

test('A request that nobody decides expires, and says so', async ({
  api,
  page,
  port,
  qrProfile,
  moveClock,
}) => {
  await api.setWorkflow({ requestDays: 7 });
  const asking = await api.makePerson({ givenName: 'Per', familyName: 'Prag' });
  await AdminApi.ask(port, asking, qrProfile, 'Nobody looks');
  await moveClock(8 * 24 * 3600);
  await signInAs(page, asking);
  await expect(page.getByText('Expired; nobody decided it in time').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Ask for one' }).first()).toBeVisible();
});

test('A lost token stops at once, and its replacement takes its place', async ({
  api,
  page,
  port,
  phone,
  qrProfile,
}) => {
  const owner = await api.makePerson({ givenName: 'Runa', familyName: 'Ruud' });
  await api.setWorkflow({ approvalSteps: 0 });
  await api.makeTokens(2);
  const token = await api.makeWaitingToken(owner, qrProfile);
  await phone.follow(await AdminApi.linkFor(port, owner, token));
  await AdminApi.verify(port, owner, token, await phone.code(token.serialNumber));
  await signInAs(page, owner);
  const card = page.getByTestId(`token-${token.serialNumber}`);
  await card.getByRole('button', { name: /More for token/ }).click();
  await page.getByRole('menuitem', { name: 'Report lost or broken' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /It is lost/ }).check();
  await dialog.getByRole('button', { name: 'Report as lost' }).click();
  await expect(dialog.getByText('It works no more, on no device.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(card).toContainText('Lost');
  await page.getByRole('link', { name: 'Activate your token' }).first().click();
  const serialNumber = await phone.scan(page.getByTestId('activation-qr'));
  await expect(page.getByLabel('Digit 1 of 8')).toBeFocused();
  await typeCode(page, await phone.code(serialNumber));
  await expect(page.getByRole('heading', { name: 'Done: your token is ready to use' })).toBeVisible();
  await page.getByRole('link', { name: 'My Authenticators' }).click();
  await expect(card).toContainText('Replaced');
});
