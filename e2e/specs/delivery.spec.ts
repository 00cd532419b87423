import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { AdminApi, type MadeToken, type Person } from '../support/admin-api.ts';
import { expectAccessible } from '../support/axe.ts';
import { Phone } from '../support/phone.ts';
import { expect, signInAs, signInAsAdmin, test, typeCode } from '../support/test.ts';

const isMissing = ['stoken', 'unzip'].some((name) => spawnSync(name, ['-v']).error !== undefined);
const SKIPPED = 'stoken or unzip is not installed';
test.beforeEach(() => {
  if (isMissing) console.warn(`SKIPPED: ${SKIPPED}.`);
  test.skip(isMissing, SKIPPED);
});

/** The code that stoken shows now, of a file or of a string. */
const stoken = (folder: string, ...args: string[]) =>
  execFileSync('stoken', ['tokencode', '--batch', '--pin', '0000', ...args], {
    env: { ...process.env, HOME: folder },
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .at(-1)!;

/** Goes through the wizard for a person's token with this profile. */
async function distribute(page: Page, token: MadeToken, profile: string, password: string) {
  await signInAsAdmin(page, `/admin/distribute?token=${token.serialNumber}`);
  await page.getByRole('radio', { name: profile }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: 'With a password' }).check();
  await page.getByLabel(/^Password/).fill('x'.repeat(25));
  await expect(page.getByText('1 character too many')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Next' })).toBeDisabled();
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('It opens with the password.')).toBeVisible();
  await page.getByRole('button', { name: /^Distribute token/ }).click();
  await expect(page.getByText('Send it and its password by two different ways')).toBeVisible();
}

/** The owner types the first code in self-service, and the token is in use. */
async function prove(page: Page, owner: Person, code: string) {
  await page.context().clearCookies();
  await signInAs(page, owner, '/my');
  await page.getByRole('button', { name: 'Test your token' }).click();
  await typeCode(page, code);
  await expect(page.getByText('The code is right. Your token works.')).toBeVisible();
}

async function scene(api: AdminApi, deviceType: string, deliveryMethod: 'FILE' | 'CTF') {
  const owner = await api.makePerson();
  return {
    owner,
    token: await api.makeTokenFor(owner),
    profile: await api.makeProfile(deliveryMethod, { deviceType }),
  };
}

test.afterEach(async ({ api }) => {
  await api.setSelfService({ requestableProfileIds: [] });
  await api.setSelfService({ allowFileDelivery: false });
  await api.setWorkflow({ approvalSteps: 1 });
});

test('A token as a file: made once, opened by stoken, and its first code counts', async ({
  page,
  api,
}, info) => {
  const { owner, token, profile } = await scene(api, 'Desktop PC 5.x', 'FILE');
  await distribute(page, token, profile.name, 'Sesame-42!');
  const fetched = page.waitForEvent('download');
  const button = page.getByRole('button', { name: /^Download / });
  await button.click();
  const download = await fetched;
  expect(download.suggestedFilename()).toBe(`${owner.userName}_${token.serialNumber}.sdtid.zip`);
  const zip = info.outputPath('token.zip');
  await download.saveAs(zip);
  await expect(button).toBeDisabled();
  execFileSync('unzip', ['-q', zip, '-d', info.outputPath()]);
  const file = join(info.outputPath(), `${owner.userName}_${token.serialNumber}.sdtid`);
  await prove(page, owner, stoken(info.outputPath(), '--file', file, '--password', 'Sesame-42!'));
});

test('A token as a link: its QR code holds the same, and stoken opens it', async ({ page, api }, info) => {
  const { owner, token, profile } = await scene(api, 'Android 2.x', 'CTF');
  await distribute(page, token, profile.name, 'Sesame-42!');
  const link = (await page.getByRole('status', { name: 'Token as a link' }).textContent())!;
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1\/securid\/ctf\?ctfData=\d{81}$/);
  await page.getByRole('button', { name: 'Show as QR code' }).click();
  expect(await Phone.read(page.getByTestId('ctf-qr'))).toBe(link);
  await prove(page, owner, stoken(info.outputPath(), `--token=${link}`, '--password', 'Sesame-42!'));
});

for (const [rule, hint, words] of [
  ['Not at all', 'It is not locked.', 'it asks for no password.'],
  [/^With the user name \(/, 'Whoever knows the user name opens it.', 'a password, which is your user name.'],
] as const)
  test(`What the user is told is how it opens: ${words}`, async ({ page, api }) => {
    const { token, profile } = await scene(api, 'Android 2.x', 'CTF');
    await signInAsAdmin(page, `/admin/distribute?token=${token.serialNumber}`);
    await page.getByRole('radio', { name: profile.name }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('radio', { name: rule }).check();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: /^Distribute token/ }).click();
    await expect(page.getByText(hint)).toBeVisible();
    await expect(page.getByText(words)).toBeVisible();
  });

test('A file is claimed once: a second click, and somebody else, get nothing', async ({ page, api }) => {
  const { token, profile } = await scene(api, 'Desktop PC 5.x', 'FILE');
  const { file } = await api.run<{ file: { id: string } }>(
    `mutation ($input: DistributeTokenInput!) { distributeToken(input: $input) {
      ... on UserError { message } ... on DistributeTokenSuccess { file { id } } } }`,
    { input: { tokenId: token.id, profileId: profile.id } },
  );
  const claim = `mutation ($id: ID!) { claimFile(input: { fileId: $id }) {
    ... on UserError { message } ... on ClaimFileSuccess { url } } }`;
  const { url } = await api.run<{ url: string }>(claim, { id: file.id });
  await expect(api.run(claim, { id: file.id })).rejects.toThrow('claimed before');
  const other = await api.makePerson({ roles: ['TOKEN_ADMIN'] });
  await signInAs(page, other, '/admin');
  const answer = await page.request.get(url);
  expect(answer.status()).toBe(404);

  // What went to the wrong person is made worthless.
  await page.goto(`/admin/tokens/${token.serialNumber}`);
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('cell', { name: 'Revoked' })).toBeVisible();
});

test('Tokens are exported by a Super Admin: with a warning, a password and a click that is meant', async ({
  page,
  api,
}, info) => {
  const owner = await api.makePerson();
  const given = await api.makeProfile('CTF', { deviceType: 'Android 2.x' });
  const token = await api.makeTokenFor(owner);
  const { ctfUrl } = await api.run<{ ctfUrl: string }>(
    `mutation ($input: DistributeTokenInput!) { distributeToken(input: $input) {
      ... on UserError { message } ... on DistributeTokenSuccess { ctfUrl } } }`,
    { input: { tokenId: token.id, profileId: given.id } },
  );
  await prove(page, owner, stoken(info.outputPath(), `--token=${ctfUrl}`));
  await page.context().clearCookies();
  await signInAsAdmin(page, '/admin/tokens');
  await page
    .getByPlaceholder('Serial number, owner or nickname')
    .or(page.getByLabel('Serial number, owner or nickname'))
    .first()
    .fill(token.serialNumber);
  await expect(page).toHaveURL(/search=/);
  await page.getByRole('checkbox', { name: `Select ${token.serialNumber}` }).check();
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export 1 token' });
  await expect(dialog.getByText('This takes seeds out of Symbolon')).toBeVisible();
  await dialog.getByLabel('Password of the file').fill('Correct-horse-9');
  await dialog.getByLabel('The password again').fill('Correct-horse-9');
  const act = dialog.getByRole('button', { name: 'Export 1 token' });
  await expect(act).toBeDisabled();
  await dialog.getByRole('checkbox').check();
  await act.click();
  const fetched = page.waitForEvent('download');
  await dialog.getByRole('button', { name: /^Download / }).click();
  const path = info.outputPath('export.sdtid');
  await (await fetched).saveAs(path);
  const code = stoken(info.outputPath(), '--file', path, '--password', 'Correct-horse-9');
  expect(code).toBe(stoken(info.outputPath(), `--token=${ctfUrl}`));
  writeFileSync(path, '');
});

test('People take their own file where that is allowed: asked for, made with their password, used', async ({
  page,
  api,
  port,
}, info) => {
  const profile = await api.makeProfile('FILE', { deviceType: 'Desktop PC 5.x' });
  await expect(api.setSelfService({ requestableProfileIds: [profile.id] })).rejects.toThrow(
    'Allow that first',
  );
  await signInAsAdmin(page, '/admin/setup/self-service');
  await page.getByRole('checkbox', { name: 'Take tokens as files' }).check();
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect(page.getByText('Saved').first()).toBeVisible();
  await api.setSelfService({ requestableProfileIds: [profile.id] });
  await api.setWorkflow({ approvalSteps: 0 });
  await api.makeTokens(1);
  const person = await api.makePerson();
  await AdminApi.ask(port, person, profile, 'For my desktop.');

  await page.context().clearCookies();
  await signInAs(page, person, '/my');
  const step = page.getByTestId('next-step');
  await expect(step.getByRole('heading', { name: 'Take your token' })).toBeVisible();
  await expectAccessible(page, 'take your token');
  await step.getByLabel(/^Password for it/).fill('My-own-1');
  await step.getByRole('button', { name: 'Make it' }).click();
  const fetched = page.waitForEvent('download');
  await step.getByRole('button', { name: /^Download / }).click();
  const zip = info.outputPath('own.zip');
  await (await fetched).saveAs(zip);
  execFileSync('unzip', ['-q', zip, '-d', info.outputPath()]);
  const [, serial] = /_(\d{12})\.sdtid/.exec(
    await step.getByRole('button', { name: /^Download / }).innerText(),
  )!;
  const file = join(info.outputPath(), `${person.userName}_${serial}.sdtid`);
  await page.reload();
  await page.getByRole('button', { name: 'Test your token' }).click();
  await typeCode(page, stoken(info.outputPath(), '--file', file, '--password', 'My-own-1'));
  await expect(page.getByText('The code is right. Your token works.')).toBeVisible();
});

test('People take their own string, and scan it off the screen', async ({ page, api, port }) => {
  const profile = await api.makeProfile('CTF', { deviceType: 'Android 2.x' });
  await api.setSelfService({ allowFileDelivery: true });
  await api.setSelfService({ requestableProfileIds: [profile.id] });
  await api.setWorkflow({ approvalSteps: 0 });
  await api.makeTokens(1);
  const person = await api.makePerson();
  await AdminApi.ask(port, person, profile, 'For my phone.');
  await signInAs(page, person, '/my');
  const step = page.getByTestId('next-step');
  await step.getByLabel(/^Password for it/).fill('My-own-1');
  await step.getByRole('button', { name: 'Make it' }).click();
  const link = (await step.getByRole('status', { name: 'Token as a link' }).textContent())!;
  await step.getByRole('button', { name: 'Show as QR code' }).click();
  expect(await Phone.read(page.getByTestId('ctf-qr'))).toBe(link);
  await expectAccessible(page, 'the own token as a QR code');
});
