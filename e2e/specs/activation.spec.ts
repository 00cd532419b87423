import { devices } from '@playwright/test';
import { AdminApi } from '../support/admin-api.ts';
import { Phone } from '../support/phone.ts';
import { activatePath, expect, grouped, signInAs, test, typeCode } from '../support/test.ts';

/** A code of the right length that the token does not show. */
const wrong = (right: string): string => right.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10));

test('At zero the QR code is gone, its link is refused, and «New code» makes one that works', async ({
  page,
  api,
  qrProfile,
  phone,
  moveClock,
}) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  const qr = page.getByTestId('activation-qr');
  const former = await Phone.read(qr);

  await moveClock(301);

  await expect(page.getByText('This code has expired', { exact: true }).last()).toBeVisible();
  await expect(page.getByText('Nothing happened to your token.')).toBeVisible();
  await expect(qr).toBeHidden();
  expect(await phone.refusalOf(former)).toBe('CODE_REFUSED');

  await page.getByRole('button', { name: 'New code' }).click();
  await expect(page.getByTestId('time-left')).toHaveText(/^(5:00|4:5\d) left$/);
  expect(await Phone.read(qr)).not.toBe(former);
  await phone.scan(qr);
  await typeCode(page, await phone.code(token.serialNumber, 301));
  await expect(page.getByTestId('activation-done')).toBeVisible();
});

test('The clock of the page counts to zero by itself', async ({ page, api, qrProfile }) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await page.clock.install();
  // What the server says sets the clock anew, so its first word is waited for.
  const heard = page
    .waitForEvent('websocket')
    .then((socket) =>
      socket.waitForEvent('framereceived', ({ payload }) => payload.includes('activationChanged')),
    );
  await signInAs(page, person, activatePath(token));
  await heard;
  await expect(page.getByTestId('time-left')).toHaveText(/^(5:00|4:5\d) left$/);

  await page.clock.fastForward(61_000);
  await expect(page.getByTestId('time-left')).toHaveText(/^3:[45]\d left$/);
  await expect(page.getByTestId('activation-qr')).toBeVisible();

  await page.clock.fastForward(240_000);
  await expect(page.getByTestId('time-left')).toHaveText('0:00 left');
  await expect(page.getByTestId('activation-qr')).toBeHidden();
  await expect(page.getByRole('button', { name: 'New code' })).toBeVisible();
});

test('A QR code works once: a second phone is refused', async ({
  page,
  api,
  qrProfile,
  phone,
  otherPhone,
}) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  const link = await Phone.read(page.getByTestId('activation-qr'));
  await phone.follow(link);
  await expect(page.getByTestId('activation-confirm')).toBeVisible();

  expect(await otherPhone.refusalOf(link)).toBe('CODE_REFUSED');

  await typeCode(page, await phone.code(token.serialNumber));
  await expect(page.getByTestId('activation-done')).toBeVisible();
  expect(await otherPhone.refusalOf(link)).toBe('CODE_REFUSED');
});

test('«I did not scan this» makes the stranger’s phone worthless', async ({
  page,
  api,
  port,
  qrProfile,
  phone,
  otherPhone,
}) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  const qr = page.getByTestId('activation-qr');
  await otherPhone.scan(qr);

  await page.getByRole('button', { name: 'I did not scan this' }).click();

  await expect(page.getByText('This activation was stopped', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'New code' }).click();
  await phone.scan(qr);
  await expect(page.getByTestId('activation-confirm')).toBeVisible();
  await typeCode(page, await otherPhone.code(token.serialNumber));
  await expect(page.getByText('That is not the code this token shows now.')).toBeVisible();
  await typeCode(page, await phone.code(token.serialNumber));
  await expect(page.getByTestId('activation-done')).toBeVisible();
  const later = await otherPhone.code(token.serialNumber, 60);
  expect(await AdminApi.verify(port, person, token, later)).toBe('REJECTED');
});

test('Two wrong codes are told kindly, the third offers the ways out', async ({
  page,
  api,
  qrProfile,
  phone,
}) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  await phone.scan(page.getByTestId('activation-qr'));
  const first = page.getByLabel('Digit 1 of 8');
  const problem = page.getByTestId('activation-confirm').getByText('That is not the code');
  const no = wrong(await phone.code(token.serialNumber));

  for (let time = 1; time <= 2; time++) {
    await typeCode(page, no);
    await expect(problem).toHaveText(
      `That is not the code this token shows now. Check that the app shows serial ${grouped(token.serialNumber)}, wait for the next code, type it.`,
    );
    await expect(first).toHaveValue('');
    await expect(first).toBeEnabled();
    await expect(page.getByRole('button', { name: 'New code' })).toBeHidden();
  }
  await typeCode(page, no);
  await expect(problem).toContainText('That is not the code either.');
  await expect(page.getByRole('button', { name: 'I did not scan this' })).toBeVisible();
  await page.getByRole('button', { name: 'New code' }).click();
  await expect(page.getByTestId('activation-qr')).toBeVisible();
});

test('Two tabs, a reload and a sign-out show the same QR code', async ({
  page,
  context,
  browser,
  baseURL,
  api,
  qrProfile,
  browserConsole,
}) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  const qr = page.getByTestId('activation-qr');
  const link = await Phone.read(qr);

  await page.reload();
  expect(await Phone.read(qr)).toBe(link);

  const secondTab = await context.newPage();
  await secondTab.goto(activatePath(token));
  expect(await Phone.read(secondTab.getByTestId('activation-qr'))).toBe(link);

  const elsewhere = await browser.newContext({ baseURL: baseURL! });
  browserConsole.watch(elsewhere);
  const otherMachine = await elsewhere.newPage();
  await signInAs(otherMachine, person, activatePath(token));
  expect(await Phone.read(otherMachine.getByTestId('activation-qr'))).toBe(link);
  await elsewhere.close();

  // The socket of the old session is opened again once before the page has gone.
  browserConsole.allow(/WebSocket connection .* HTTP Authentication failed/);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
  await signInAs(page, person, activatePath(token));
  expect(await Phone.read(qr)).toBe(link);
});

test('Closing the page loses nothing, before the scan and after it', async ({
  page,
  api,
  qrProfile,
  phone,
}) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  const link = await Phone.read(page.getByTestId('activation-qr'));

  await page.getByRole('link', { name: 'Close; nothing is lost' }).click();
  const card = page.getByTestId(`token-${token.serialNumber}`);
  await expect(card).toContainText(/Activation open, [45]:\d\d left/);

  await phone.follow(link);
  await page.reload();
  await page.getByRole('link', { name: 'Type the code' }).click();
  await expect(
    page.getByRole('heading', { name: 'Activated on Pocket phone. One step is left' }),
  ).toBeVisible();
  await page.reload();
  await typeCode(page, await phone.code(token.serialNumber));
  await expect(page.getByTestId('activation-done')).toBeVisible();
});

test('«Test your token» tells right, used and wrong codes apart', async ({ page, api, qrProfile, phone }) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  await phone.scan(page.getByTestId('activation-qr'));
  const used = await phone.code(token.serialNumber);
  await typeCode(page, used);
  await page.getByTestId('activation-done').getByRole('link', { name: 'My Authenticators' }).click();

  await page.getByRole('button', { name: 'Test your token' }).click();
  await typeCode(page, used);
  await expect(page.getByText('This code was used already.')).toBeVisible();
  await typeCode(page, wrong(used));
  await expect(page.getByText('That is not the current code.')).toBeVisible();
  await typeCode(page, await phone.code(token.serialNumber, 60));
  await expect(page.getByText('The code is right. Your token works.')).toBeVisible();
});

test('While the WebSocket is blocked the page asks by itself', async ({
  page,
  api,
  qrProfile,
  phone,
  browserConsole,
}) => {
  browserConsole.allow(/WebSocket/);
  await page.routeWebSocket('**/graphql', (socket) => socket.close());
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  await phone.scan(page.getByTestId('activation-qr'));
  await expect(page.getByTestId('activation-confirm')).toBeVisible();
  await typeCode(page, await phone.code(token.serialNumber));
  await expect(page.getByTestId('activation-done')).toBeVisible();
});

test('A pasted code fills all boxes', async ({ page, api, qrProfile, phone }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  await phone.scan(page.getByTestId('activation-qr'));
  await expect(page.getByLabel('Digit 1 of 8')).toBeFocused();
  await page.evaluate((code) => navigator.clipboard.writeText(code), await phone.code(token.serialNumber));
  await page.keyboard.press('ControlOrMeta+v');
  await expect(page.getByTestId('activation-done')).toBeVisible();
});

test('A token that waits for nothing says so at its activation address', async ({ page, api }) => {
  const person = await api.makePerson();
  const token = await api.makeTokenFor(person);
  await signInAs(page, person, activatePath(token));
  await expect(page.getByText('Nothing is waiting to be scanned for this token.')).toBeVisible();
  await page.goto('/my/tokens/999999999999/activate');
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
});

test.describe('in a phone’s own browser', () => {
  const { defaultBrowserType: _, ...pixel } = devices['Pixel 7'];
  test.use(pixel);

  test('The link comes first and the QR code second', async ({ page, api, qrProfile, phone }) => {
    const person = await api.makePerson();
    const token = await api.makeWaitingToken(person, qrProfile);
    await signInAs(page, person, activatePath(token));
    const qr = page.getByTestId('activation-qr');
    const openHere = page.getByRole('link', { name: 'Open on this phone' });
    await expect(openHere).toHaveCount(1);
    const link = await openHere.getAttribute('href');
    expect(link).toBe(await Phone.read(qr));
    const [linkBox, qrBox] = [await openHere.boundingBox(), await qr.boundingBox()];
    expect(linkBox!.y + linkBox!.height).toBeLessThanOrEqual(qrBox!.y);
    expect(qrBox!.x + qrBox!.width).toBeLessThanOrEqual(page.viewportSize()!.width);

    await phone.follow(link!);
    await typeCode(page, await phone.code(token.serialNumber));
    await expect(page.getByTestId('activation-done')).toBeVisible();
  });
});
