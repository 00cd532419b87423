import type { Page } from '@playwright/test';
import { AdminApi } from '../support/admin-api.ts';
import type { Phone } from '../support/phone.ts';
import {
  activatePath,
  expect,
  grouped,
  type MadeToken,
  type Person,
  type Profile,
  signInAs,
  signInAsAdmin,
  test,
  typeCode,
} from '../support/test.ts';

const next = (page: Page) => page.getByRole('button', { name: 'Next' });

/** Opens the wizard for a token and goes on to the question of the device. */
async function toDeviceStep(page: Page, token: MadeToken, profile: Profile): Promise<void> {
  await page.goto(`/admin/distribute?token=${token.serialNumber}`);
  await page.getByRole('radio', { name: profile.name }).click();
  await next(page).click();
  await expect(page.getByRole('radio', { name: 'Any device of this kind' })).toBeChecked();
}

const distribute = (page: Page, token: MadeToken) =>
  page.getByRole('button', { name: `Distribute token ${grouped(token.serialNumber)}` });

/** Makes a token work on a phone, without screens. */
async function activate(port: number, person: Person, token: MadeToken, phone: Phone): Promise<void> {
  await phone.follow(await AdminApi.linkFor(port, person, token));
  const code = await phone.code(token.serialNumber);
  expect(await AdminApi.verify(port, person, token, code)).toBe('ACCEPTED');
}

test('URL delivery shows address and code once, each with a copy button of its own', async ({
  page,
  api,
  urlProfile,
  phone,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const person = await api.makePerson({ givenName: 'Lin' });
  const token = await api.makeTokenFor(person);
  await signInAsAdmin(page);
  await toDeviceStep(page, token, urlProfile);
  await expect(page.getByRole('radio', { name: 'Twelve digits' })).toBeChecked();
  await next(page).click();
  await expect(page.getByText('The activation code lives 24 hours.')).toBeVisible();
  await distribute(page, token).click();

  await expect(page.getByText('Send address and activation code by two different ways')).toBeVisible();
  const copied: string[] = [];
  for (const field of ['CT-KIP URL', 'Activation code']) {
    await page.getByRole('button', { name: `Copy: ${field}`, exact: true }).click();
    await expect(page.getByRole('button', { name: `Copy: ${field}`, exact: true })).toHaveText('Copied');
    copied.push(await page.evaluate(() => navigator.clipboard.readText()));
    await expect(page.getByRole('status', { name: field, exact: true })).toHaveText(copied.at(-1)!);
  }
  const [address = '', code = ''] = copied;
  expect(code.replace(/\D/g, '')).toHaveLength(12);
  expect(address).not.toContain(code);

  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Distribute a token' })).toBeVisible();
  await expect(page.getByText(code)).toHaveCount(0);
  await page.goto(`/admin/tokens/${token.serialNumber}`);
  await expect(page.getByRole('heading', { name: 'Distributions' })).toBeVisible();
  expect(await page.content()).not.toContain(code);

  await phone.follow(address, code);
  await page.reload();
  await expect(page.getByText('Activated, not yet confirmed')).toBeVisible();
});

test('A weak code of one’s own is refused with a reason, a strong one is taken', async ({
  page,
  api,
  urlProfile,
  phone,
}) => {
  const token = await api.makeTokenFor(await api.makePerson());
  await signInAsAdmin(page);
  await toDeviceStep(page, token, urlProfile);
  await page.getByRole('radio', { name: 'One of my own' }).check();
  await expect(next(page)).toBeDisabled();
  await page.getByRole('textbox', { name: 'Activation code', exact: true }).fill('password1234');
  await next(page).click();
  await distribute(page, token).click();
  await expect(page.getByRole('alert').filter({ hasText: /guess|weak|word/i })).toBeVisible();
  await expect(distribute(page, token)).toBeVisible();

  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByRole('radio', { name: 'One of my own' })).toBeChecked();
  await page.getByRole('textbox', { name: 'Activation code', exact: true }).fill('River-77-Lamp');
  await next(page).click();
  await distribute(page, token).click();
  await expect(page.getByRole('status', { name: 'Activation code', exact: true })).toHaveText(
    'River-77-Lamp',
  );
  const address = await page.getByRole('status', { name: 'CT-KIP URL' }).textContent();
  expect(await phone.follow(address!, 'River-77-Lamp')).toBe(token.serialNumber);
});

test('With a live seed the wizard asks where the phone is, with nothing preselected', async ({
  page,
  api,
  port,
  qrProfile,
  phone,
  otherPhone,
}) => {
  const person = await api.makePerson({ givenName: 'Mara' });
  const token = await api.makeWaitingToken(person, qrProfile);
  await activate(port, person, token, phone);
  await signInAsAdmin(page);

  await toDeviceStep(page, token, qrProfile);
  const question = page.getByRole('radiogroup', { name: 'Where is the device that has this token now?' });
  await expect(question.getByRole('radio', { checked: true })).toHaveCount(0);
  await expect(next(page)).toBeDisabled();
  await question.getByRole('radio', { name: 'With the user' }).check();
  await next(page).click();
  await expect(page.getByText('goes on until the new one is confirmed')).toBeVisible();
  await expect(page.getByText('Apps refuse a serial number that they already hold')).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await question.getByRole('radio', { name: 'Lost, stolen or unknown' }).check();
  await next(page).click();
  await expect(page.getByText('What Mara Ash has on the device now stops working at once.')).toBeVisible();
  await distribute(page, token).click();
  await expect(page.getByRole('heading', { name: /is waiting for Mara's phone/ })).toBeVisible();

  const former = await phone.code(token.serialNumber, 60);
  expect(await AdminApi.verify(port, person, token, former)).toBe('REJECTED');
  await activate(port, person, token, otherPhone);
});

test('A phone that stays with the user goes on until the new one is confirmed', async ({
  page,
  browser,
  baseURL,
  browserConsole,
  api,
  port,
  qrProfile,
  phone,
  otherPhone,
}) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await activate(port, person, token, phone);
  await signInAsAdmin(page);
  await toDeviceStep(page, token, qrProfile);
  await page.getByRole('radio', { name: 'With the user' }).check();
  await next(page).click();
  await distribute(page, token).click();
  await expect(page.getByRole('heading', { name: /is waiting for/ })).toBeVisible();

  const desk = await browser.newContext({ baseURL: baseURL! });
  browserConsole.watch(desk);
  const mine = await desk.newPage();
  await signInAs(mine, person, activatePath(token));
  await otherPhone.scan(mine.getByTestId('activation-qr'));
  await expect(mine.getByTestId('activation-confirm')).toBeVisible();
  const still = await phone.code(token.serialNumber, 60);
  expect(await AdminApi.verify(port, person, token, still)).toBe('ACCEPTED');
  await typeCode(mine, await otherPhone.code(token.serialNumber, 120));
  await expect(mine.getByTestId('activation-done')).toBeVisible();
  const former = await phone.code(token.serialNumber, 180);
  expect(await AdminApi.verify(port, person, token, former)).toBe('REJECTED');
  await desk.close();
});

test('«Only this device» is warned of where the app tells no device id', async ({ page, api, qrProfile }) => {
  const token = await api.makeTokenFor(await api.makePerson());
  await signInAsAdmin(page);
  await toDeviceStep(page, token, qrProfile);
  const warning = page.getByRole('alert').filter({ hasText: 'would refuse every phone' });
  await expect(warning).toBeHidden();
  await page.getByRole('radio', { name: 'Only this device' }).check();
  await expect(warning).toBeVisible();
  await expect(next(page)).toBeDisabled();
  await page.getByLabel('Device id').fill('a1b2 c3d4');
  await next(page).click();
  await expect(page.getByText('Only the device a1b2 c3d4 may take it.')).toBeVisible();
});

test('For QR nothing secret is shown, and the code cannot be chosen', async ({ page, api, qrProfile }) => {
  const person = await api.makePerson({ givenName: 'Noor' });
  const token = await api.makeTokenFor(person);
  await signInAsAdmin(page);
  await toDeviceStep(page, token, qrProfile);
  await expect(page.getByLabel('CT-KIP activation code')).toBeDisabled();
  await expect(page.getByLabel('CT-KIP activation code')).toHaveValue('Made by Symbolon for each QR code');
  await next(page).click();
  const answered = page.waitForResponse(
    (response) => response.request().postData()?.includes('distributeToken') ?? false,
  );
  await distribute(page, token).click();
  expect((await (await answered).json()).data.distributeToken).toMatchObject({
    activationCode: null,
    ctKipUrl: null,
    link: null,
  });

  const tell = page.getByRole('status', { name: 'What to tell Noor' });
  await expect(tell).toContainText(`Your token ${grouped(token.serialNumber)} is ready.`);
  await expect(page.getByRole('button', { name: 'Print' })).toBeVisible();
  await expect(page.getByRole('status')).toHaveCount(1);
  await expect(page.getByText('CT-KIP URL')).toHaveCount(0);
  expect(await page.content()).not.toMatch(/activationCode=|ctkip\?/);
});

test('A distribution can be revoked on the token’s page, and its code dies', async ({
  page,
  api,
  port,
  qrProfile,
  phone,
}) => {
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  const link = await AdminApi.linkFor(port, person, token);
  await signInAsAdmin(page, `/admin/tokens/${token.serialNumber}`);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByText('Revoked', { exact: true })).toBeVisible();
  expect(await phone.refusalOf(link)).toBe('CODE_REFUSED');
});

test('A choice that a device type cannot make says why and who can', async ({ page }) => {
  await signInAsAdmin(page, '/admin/profiles/new');
  await page.getByRole('combobox', { name: 'Device type' }).click();
  await page.getByRole('option', { name: 'iPhone 1.3' }).click();
  await expect(page.getByRole('radio', { name: 'QR code in self-service' })).toBeDisabled();
  await expect(page.getByText(/iPhone 1\.3 cannot scan QR codes; .*iOS 2\.x.* can\./)).toBeVisible();
  await expect(page.getByRole('radio', { name: 'URL and activation code' })).toBeChecked();
});
