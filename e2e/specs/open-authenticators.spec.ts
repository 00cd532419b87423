import { execFileSync, spawnSync } from 'node:child_process';
import { devices } from '@playwright/test';
import { unique } from '../support/admin-api.ts';
import { expectAccessible } from '../support/axe.ts';
import { Phone } from '../support/phone.ts';
import { activatePath, expect, signInAs, signInAsAdmin, test, typeCode } from '../support/test.ts';

const isMissing = spawnSync('oathtool', ['--version']).error !== undefined;

/** What an authenticator app shows that has scanned the link, computed by an independent program. */
function oathtool(link: string, inSeconds = 0): string {
  const now = Math.floor(Date.now() / 1000) + inSeconds;
  const secret = new URL(link).searchParams.get('secret') ?? '';
  return execFileSync('oathtool', ['--totp', '--base32', `--now=@${now}`, secret], {
    encoding: 'utf8',
  }).trim();
}

test('A TOTP token gets into an authenticator app, from its profile to a code by oathtool', async ({
  page,
  api,
}) => {
  if (isMissing) console.warn('SKIPPED: oathtool is not installed (package oathtool).');
  test.skip(isMissing, 'oathtool is not installed (package oathtool)');
  const name = `Authenticator app ${unique()}`;
  await signInAsAdmin(page);
  await page.goto('/admin/profiles/new');
  await page.getByRole('combobox', { name: 'Device type' }).click();
  await page.getByRole('option', { name: 'OATH authenticator app' }).click();
  await page.getByLabel('Name', { exact: false }).first().fill(name);
  await expect(page.getByText('Here the seed travels, on the screen')).toBeVisible();
  await expect(page.getByText(/takes a token only by a QR code .* can agree on one by CT-KIP/)).toHaveCount(
    2,
  );
  await expect(page.getByText(/^OATH authenticator app takes no files; .* can\.$/)).toBeVisible();
  await expect(page.getByRole('radio', { name: '6 digits' })).toBeChecked();
  await page.getByRole('radio', { name: 'SHA-256' }).check();
  await expect(page.getByText('Many apps ignore settings other than')).toBeVisible();
  await expectAccessible(page, 'profile for authenticator apps');
  await page.getByRole('radio', { name: 'SHA-1', exact: true }).check();
  await page.getByRole('button', { name: 'Add profile' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await expect(page.getByText('TOTP (RFC 6238), SHA-1')).toBeVisible();

  const person = await api.makePerson();
  const token = await api.makeTokenFor(person, 'TOTP');
  await page.goto(`/admin/distribute?token=${token.serialNumber}`);
  await page.getByRole('radio', { name: new RegExp(name) }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('tells nothing of the device')).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('The QR code holds the seed itself')).toBeVisible();
  await page.getByRole('button', { name: /^Distribute/ }).click();
  await expect(page.getByRole('heading', { name: /waiting|waits|distributed/i })).toBeVisible();

  await page.context().clearCookies();
  await signInAs(page, person, activatePath(token));
  const link = await Phone.read(page.getByTestId('activation-qr'));
  expect(link).toMatch(/^otpauth:\/\/totp\/Symbolon:/);
  const right = oathtool(link);
  await typeCode(
    page,
    right.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10)),
  );
  await expect(page.getByText('That is not the code this token shows now.')).toBeVisible();
  await expect(page.getByTestId('activation-qr')).toBeVisible();
  await typeCode(page, oathtool(link));
  await expect(page.getByTestId('activation-done')).toBeVisible();
  await page.goto('/my');
  await expect(page.getByText('Active', { exact: true })).toBeVisible();
});

test('The code may still be typed when the QR code has gone, for five minutes', async ({
  page,
  api,
  moveClock,
}) => {
  test.skip(isMissing, 'oathtool is not installed (package oathtool)');
  const profile = await api.makeProfile('OTPAUTH_QR', {
    deviceType: 'OATH authenticator app',
    tokencodeLength: 6,
    tokencodeInterval: 30,
  });
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, profile, 'TOTP');
  await signInAs(page, person, activatePath(token));
  const link = await Phone.read(page.getByTestId('activation-qr'));
  await page.getByRole('button', { name: 'Type it into the app instead' }).click();
  await expect(page.getByText('Time-based, 6 digits, 30 seconds, SHA-1.')).toBeVisible();
  await expectAccessible(page, 'activation of an authenticator app');
  await moveClock(301);
  await expect(page.getByTestId('activation-qr')).toBeHidden();
  await expect(page.getByText('The QR code has gone.')).toBeVisible();
  await expectAccessible(page, 'authenticator app, QR code gone');
  await page.reload();
  await expect(page.getByText('The QR code has gone.')).toBeVisible();
  await typeCode(page, oathtool(link, 301));
  await expect(page.getByTestId('activation-done')).toBeVisible();
});

const { defaultBrowserType: _, ...pixel } = devices['Pixel 7'];
test.describe('On the phone itself', () => {
  test.use(pixel);

  test('the link comes first, and nothing is wider than the screen', async ({ page, api }) => {
    const profile = await api.makeProfile('OTPAUTH_QR', {
      deviceType: 'OATH authenticator app',
      tokencodeLength: 6,
      tokencodeInterval: 30,
    });
    const person = await api.makePerson();
    const token = await api.makeWaitingToken(person, profile, 'TOTP');
    await signInAs(page, person, activatePath(token));
    const openHere = page.getByRole('link', { name: 'Open on this phone' });
    await expect(openHere).toHaveAttribute('href', /^otpauth:/);
    const [linkBox, qrBox] = [
      await openHere.boundingBox(),
      await page.getByTestId('activation-qr').boundingBox(),
    ];
    expect(linkBox!.y + linkBox!.height).toBeLessThanOrEqual(qrBox!.y);
    await page.getByRole('button', { name: 'Type it into the app instead' }).click();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(page.viewportSize()!.width);
    await expectAccessible(page, 'authenticator app on a phone');
  });
});

for (const algorithm of ['SECURID', 'TOTP'] as const) {
  test(`The authenticator takes a ${algorithm} token in the dialect of RFC 4758 by QR code`, async ({
    page,
    api,
    phone,
  }) => {
    const name = `Symbolon ${algorithm} ${unique()}`;
    await signInAsAdmin(page);
    await page.goto('/admin/profiles/new');
    await page.getByRole('combobox', { name: 'Device type' }).click();
    await page.getByRole('option', { name: 'Symbolon Authenticator 1.x' }).click();
    await page.getByLabel('Name', { exact: false }).first().fill(name);
    if (algorithm === 'TOTP') await page.getByRole('radio', { name: /TOTP/ }).check();
    await page.getByRole('button', { name: 'Add profile' }).click();
    await expect(page.getByRole('heading', { name })).toBeVisible();
    const id = page.url().split('/').at(-1)!;

    const person = await api.makePerson();
    const token = await api.makeWaitingToken(person, { id, name }, algorithm);
    await page.context().clearCookies();
    await signInAs(page, person, activatePath(token));
    const qr = page.getByTestId('activation-qr');
    expect(await Phone.read(qr)).toMatch(/^symbolon:\/\/ctkip\?/);
    expect(await phone.scan(qr)).toBe(token.serialNumber);
    await expect(page.getByText('Pocket phone')).toBeVisible();
    await typeCode(page, await phone.code(token.serialNumber));
    await expect(page.getByTestId('activation-done')).toBeVisible();
  });
}
