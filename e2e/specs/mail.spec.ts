import type { Page } from '@playwright/test';
import { AdminApi } from '../support/admin-api.ts';
import { expectAccessible } from '../support/axe.ts';
import { activatePath, expect, signInAs, signInAsAdmin, test, typeCode } from '../support/test.ts';

test.beforeEach(async ({ api, mail, qrProfile }) => {
  await mail.start();
  await api.setWorkflow({ approvalSteps: 1, distributionStep: false });
  await api.setSelfService({
    requestableProfileIds: [qrProfile.id],
    allowActivationLinkByEmail: false,
    codeInMail: false,
    linkMinutes: 60,
  });
});

const fallback =
  'QR code fallback: allow e-mail delivery of an activation link if the user cannot scan the QR code';

test('The fallback is off, is switched on in Setup, and brings a link that activates', async ({
  api,
  browser,
  browserConsole,
  page,
  phone,
  mail,
  qrProfile,
}) => {
  test.setTimeout(120_000);
  const person = await api.makePerson({ givenName: 'Sina', familyName: 'Sund' });
  const token = await api.makeWaitingToken(person, qrProfile);

  await test.step('off: there is no such way', async () => {
    await signInAs(page, person, activatePath(token));
    await expect(page.getByRole('button', { name: 'Show the code' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Send me the link' })).toHaveCount(0);
  });

  await test.step('an administrator switches it on', async () => {
    const console_ = await browser.newContext({ baseURL: new URL(page.url()).origin });
    browserConsole.watch(console_);
    const setup = await console_.newPage();
    await signInAsAdmin(setup, '/admin/setup/self-service');
    await setup.getByRole('checkbox', { name: fallback }).check();
    await saveOf(setup, 'QR code and link').click();
    await expect(setup.getByText('Saved.')).toBeVisible();
    await console_.close();
  });

  const link = await test.step('the link goes by mail, and the QR code dies', async () => {
    await page.reload();
    await expect(page.getByTestId('activation-qr')).toBeVisible();
    await page.getByRole('button', { name: 'Send me the link' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send the link' }).click();
    await expect(page.getByTestId('link-sent')).toBeVisible();
    await expect(page.getByTestId('activation-qr')).toHaveCount(0);
    await expectAccessible(page, 'a link is on its way');
    const { text } = await mail.find(person, /Activate your token/);
    return /https?:\/\/\S+\/activate#\S+/.exec(text ?? '')![0];
  });

  await test.step('its page asks for the number of the other screen, and opens the app once', async () => {
    const number = (await page.getByTestId('desk-number').textContent())!.replace(/\D/g, '');
    const pocket = await browser.newContext({ viewport: { width: 390, height: 844 } });
    browserConsole.watch(pocket);
    const mobile = await pocket.newPage();
    await mobile.goto(link);
    await expect(mobile.getByRole('heading', { name: 'Activate your token' })).toBeVisible();
    await expectAccessible(mobile, 'the page behind the link');
    await mobile.getByLabel('Number on your other screen').fill(number === '111111' ? '222222' : '111111');
    await mobile.getByRole('button', { name: 'Continue' }).click();
    await expect(mobile.getByText('2 tries are left')).toBeVisible();
    await mobile.getByLabel('Number on your other screen').fill(number);
    await mobile.getByRole('button', { name: 'Continue' }).click();
    const open = mobile.getByRole('link', { name: 'Open in the app' });
    await expectAccessible(mobile, 'the link for the app');
    await phone.follow((await open.getAttribute('href'))!);
    await mobile.reload();
    await mobile.getByLabel('Number on your other screen').fill(number);
    await mobile.getByRole('button', { name: 'Continue' }).click();
    await expect(mobile.getByText('This link works no longer')).toBeVisible();
    await expect(mobile.getByRole('link', { name: 'My Authenticators' })).toHaveAttribute('href', '/my');
    await pocket.close();
  });

  await test.step('the desk notices, and the first code puts the token into use', async () => {
    await expect(page.getByRole('heading', { name: /One step is left/ })).toBeVisible();
    await typeCode(page, await phone.code(token.serialNumber));
    await expect(page.getByRole('heading', { name: 'Done: your token is ready to use' })).toBeVisible();
  });
});

test('A link that no other screen stands behind opens with the sign-in, which it leads to and back from', async ({
  api,
  page,
  port,
  mail,
  urlProfile,
}) => {
  await api.setWorkflow({ approvalSteps: 0 });
  await api.setSelfService({ requestableProfileIds: [urlProfile.id] });
  await api.makeTokens(1);
  const person = await api.makePerson({ givenName: 'Vera', familyName: 'Vik' });
  await AdminApi.ask(port, person, urlProfile, 'My phone is all I have');
  const { text } = await mail.find(person, /Activate your token/);
  const link = /https?:\/\/\S+\/activate#\S+/.exec(text ?? '')![0];
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(link);
  await page.getByRole('link', { name: 'Sign in here' }).click();
  await page.getByLabel('User name').fill(person.userName);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Continue as Vera' }).click();
  await expect(page.getByRole('link', { name: 'Open in the app' })).toBeVisible();
  expect(
    asked.filter((url) => url.split('#')[0]!.includes(link.split('#')[1]!)),
    'the ticket is in no address that a server sees',
  ).toEqual([]);
});

test('While the mail server is down nothing is lost, and when it is up nothing is sent twice', async ({
  api,
  page,
  port,
  mail,
  qrProfile,
}) => {
  test.setTimeout(120_000);
  const asking = await api.makePerson({ givenName: 'Tove', familyName: 'Tang' });
  await mail.find(asking, /Welcome/);
  await mail.stop();
  await AdminApi.ask(port, asking, qrProfile, 'While the mail server sleeps');
  await signInAsAdmin(page, `/admin/setup/mail?search=${asking.userName}`);
  const row = page.getByRole('row').filter({ hasText: 'Request has arrived' });
  await expect(row).toContainText('Nothing answers at the address of the mail server', { timeout: 30_000 });
  await expect(row).toContainText('Waiting');
  await expectAccessible(page, 'the outbox');

  await mail.start();
  await row.getByRole('button', { name: 'Request has arrived' }).click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('While the mail server sleeps')).toBeVisible();
  await drawer.getByRole('button', { name: 'Send again' }).click();
  await mail.find(asking, /asked for a new token/);
  await expect(row).toContainText('Sent', { timeout: 30_000 });
  // Whatever was still queued would come now.
  await page.reload();
  await expect(row).toContainText('Sent');
  expect(mail.to(asking).filter(({ subject }) => /asked for a new token/.test(subject ?? ''))).toHaveLength(
    1,
  );
});

test('Setup: every page reads well, and a test mail arrives', async ({ api, page, mail, browserConsole }) => {
  test.slow();
  // Playwright's own script is kept out of the preview's sandbox.
  browserConsole.allow(/Blocked script execution in 'about:srcdoc'/);
  const admin = await api.makePerson({ givenName: 'Una', familyName: 'Urd', roles: ['SUPER_ADMIN'] });
  await signInAs(page, admin, '/admin/setup');
  for (const name of [
    'Limits',
    'Addresses and certificates',
    'Self-service',
    'Approval',
    'Appearance',
    'Mail',
    'Mail texts',
  ]) {
    await page
      .getByRole('navigation', { name: 'Pages of Setup' })
      .getByRole('link', { name, exact: true })
      .click();
    await expect(page.getByRole('navigation').getByRole('link', { name, exact: true })).toHaveAttribute(
      'aria-current',
      'page',
    );
    await page.waitForLoadState('networkidle');
    await expectAccessible(page, `Setup, ${name}`);
  }
  await page.getByRole('link', { name: 'Request approved, token needs activation' }).click();
  await expect(page.getByRole('heading', { name: 'How it will look' })).toBeVisible();
  await page.getByLabel('Text', { exact: true }).fill('Hello {{nobody}}');
  await expect(page.getByText('This text cannot be used yet')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await page.getByLabel('Text', { exact: true }).fill('Hello {{givenName}}, welcome aboard.');
  await expect(page.frameLocator('iframe').getByText('Hello Alice, welcome aboard.')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Take the shipped text back' })).toBeVisible();
  // axe cannot look into a frame that runs no scripts; the mail's other form has none.
  await page.getByRole('tab', { name: 'Plain text' }).click();
  await expectAccessible(page, 'one mail text');
  await page.getByRole('button', { name: 'Take the shipped text back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take the shipped text back' }).click();
  await expect(page.getByRole('button', { name: 'Take the shipped text back' })).toHaveCount(0);

  await page.getByRole('link', { name: 'Mail', exact: true }).click();
  await page.getByRole('button', { name: 'Send me a test' }).click();
  await expect(page.getByText(`A test is on its way to ${admin.email}.`)).toBeVisible();
  expect((await mail.find(admin, /test/i)).text).toContain('Una');
});

/** The button that saves a group of settings. */
const saveOf = (page: Page, section: string) =>
  page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: section }) })
    .getByRole('button', { name: 'Save' });
