import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { AdminApi, unique } from '../support/admin-api.ts';
import { expect, grouped, signInAsAdmin, test } from '../support/test.ts';
import { bring, damaged, freshSerial, pskc, records, sdtid, serialOf } from '../support/token-file.ts';

/** Waits until the import of a file is over, on the page of its job. */
async function imported(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: `Import of ${name}` })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: `${name} is done.` })).toBeAttached();
}

const hasNoStoken = spawnSync('stoken', ['--version']).error !== undefined;

const check = (page: Page) => page.getByRole('button', { name: 'Check what would happen' });
const counts = (page: Page) => page.getByRole('table', { name: 'What became of the rows' });
const stock = (page: Page) => page.getByRole('radio', { name: 'New, for the stock' });

test('A file with a password is checked first and then imported; its password is asked for and not kept', async ({
  page,
}) => {
  const first = freshSerial();
  const name = `pinned-${unique()}.sdtid`;
  const file = await sdtid(
    records(first, 3, (index) => (index === 2 ? { expiresOn: '2020-01-01' } : { pinStyle: 'FOB' })),
    'Sesame-42!',
  );
  await signInAsAdmin(page, '/admin/tokens');
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await bring(page, name, file);
  await check(page).click();
  await expect(page.getByText('Say what these tokens are.')).toBeVisible();
  await stock(page).click();
  await check(page).click();
  const password = page.getByRole('textbox', { name: 'Password or key of the file' });
  await expect(page.getByText('This file has a password or key. Type it.')).toBeVisible();
  await password.fill('Sesame-43!');
  await check(page).click();
  await expect(page.getByText('The password does not open this file.')).toBeVisible();
  await password.fill('Sesame-42!');
  await page.keyboard.press('Enter');

  await expect(page.getByText('A dry run: 2 tokens would be imported.').first()).toBeVisible();
  await expect(counts(page).getByRole('row', { name: 'New tokens, to be imported 2' })).toBeVisible();
  await expect(counts(page).getByRole('row', { name: 'Expired: to be left out 1' })).toBeVisible();
  const rows = page.getByRole('table', { name: 'Rows left out, wrong or noted' });
  await expect(rows).toContainText('It expired on 2020-01-01.');
  expect(page.url()).not.toContain('Sesame');

  // A reload keeps what was chosen, and forgets the password.
  await page.reload();
  const importThem = page.getByRole('button', { name: 'Import 2 tokens' });
  await importThem.click();
  await password.fill('Sesame-42!');
  await importThem.click();
  await expect(page.getByRole('heading', { level: 1, name: `Import of ${name}` })).toBeVisible();
  await expect(page.getByText('2 tokens imported.').first()).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'As CSV' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toContain(
    `${serialOf(first, 2)},Left out,row.expired,`,
  );

  await page.goto(`/admin/tokens/${serialOf(first)}`);
  await expect(page.getByText('This token asks for a PIN, which Symbolon does not check yet')).toBeVisible();
  await expect(page.getByText(`admin imported token ${grouped(serialOf(first))}`)).toBeVisible();
  await page.goto('/admin/jobs');
  await expect(page.getByRole('link', { name: `Import of ${name}` })).toBeVisible();
  await expect(page.getByRole('link', { name: `Dry run of ${name}` })).toBeVisible();
});

test('A file that is locked with a shared key asks for the key, and stays while it is wrong', async ({
  page,
}) => {
  const name = `keyed-${unique()}.xml`;
  const token = { ...records(freshSerial(), 1)[0]!, algorithm: 'TOTP', seed: randomBytes(20) } as const;
  const key = randomBytes(32);
  await signInAsAdmin(page, '/admin/tokens/import');
  await bring(page, name, await pskc([token], key));
  await stock(page).click();
  await check(page).click();
  await expect(page.getByText('This file was locked with a key that both sides have.')).toBeVisible();
  const field = page.getByRole('textbox', { name: 'Password or key of the file' });
  await field.fill(randomBytes(32).toString('hex'));
  await check(page).click();
  await expect(page.getByText('The key does not open this file.')).toBeVisible();
  await field.fill(key.toString('hex'));
  await check(page).click();
  await expect(page.getByText('A dry run: 1 token would be imported.').first()).toBeVisible();
});

test('A damaged file is refused with line and serial number, or its wrong row left out', async ({ page }) => {
  const first = freshSerial();
  const name = `damaged-${unique()}.sdtid`;
  const file = damaged(await sdtid(records(first, 5)), serialOf(first, 3));
  await signInAsAdmin(page, '/admin/tokens/import');
  await bring(page, name, file);
  await stock(page).click();
  await page.getByRole('button', { name: 'Import without a check' }).click();
  const refusal = page.getByRole('alert').filter({ hasText: `${name} was refused` });
  await expect(refusal).toContainText(`Serial number ${grouped(serialOf(first, 3))}`);
  await expect(refusal).toContainText(/Line \d+/);
  await expect(page.getByRole('cell', { name, exact: true })).toBeHidden();

  await bring(page, name, file);
  await expect(refusal).toBeHidden();
  await stock(page).click();
  await check(page).click();
  await expect(page.getByText('1 row is wrong in itself')).toBeVisible();
  await page.getByRole('button', { name: 'Leave the wrong row out and import 4 tokens' }).click();
  await expect(page.getByText('4 tokens imported.').first()).toBeVisible();
  await page.getByRole('radiogroup', { name: 'Outcome' }).getByText('Wrong').click();
  await expect(page.getByRole('table', { name: 'Rows left out, wrong or noted' })).toContainText(
    grouped(serialOf(first, 3)),
  );
});

test('A file is dropped on the page; an upload that waits is discarded', async ({ page }) => {
  const name = `dropped-${unique()}.sdtid`;
  const content = await sdtid(records(freshSerial(), 1));
  await signInAsAdmin(page, '/admin/tokens/import');
  const carried = await page.evaluateHandle(
    ([file, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text!], file!));
      return transfer;
    },
    [name, content],
  );
  await page.getByTestId('drop-area').dispatchEvent('drop', { dataTransfer: carried });
  await expect(page.getByText(`File: ${name}`)).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: `Discard ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('cell', { name, exact: true })).toBeHidden();
});

test('A token that is on its device already works for the owner whom the file names', async ({
  page,
  api,
  port,
}, info) => {
  if (hasNoStoken) console.warn('SKIPPED: stoken is not installed (package stoken).');
  test.skip(hasNoStoken, 'stoken is not installed (package stoken)');
  const owner = await api.makePerson();
  const first = freshSerial();
  const file = await sdtid(records(first, 1, () => ({ userName: owner.userName, nickname: 'Key ring' })));
  await signInAsAdmin(page, '/admin/tokens/import');
  await bring(page, 'migrated.sdtid', file);
  await page.getByRole('radio', { name: 'Already on devices' }).click();
  await check(page).click();
  await expect(counts(page).getByRole('row', { name: 'Owner found: to be assigned 1' })).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 token' }).click();
  await imported(page, 'migrated.sdtid');

  await page.goto(`/admin/tokens/${serialOf(first)}`);
  await expect(page.getByText('On its own device')).toBeVisible();
  await expect(page.getByText('Active', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: `${owner.name} (${owner.userName})` })).toBeVisible();

  const path = info.outputPath('migrated.sdtid');
  writeFileSync(path, file);
  const shown = execFileSync('stoken', ['tokencode', `--file=${path}`], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: info.outputDir },
    input: '',
  });
  const code = /\d{8}/.exec(shown)![0];
  expect(await AdminApi.verify(port, owner, { id: '', serialNumber: serialOf(first) }, code)).toBe(
    'ACCEPTED',
  );
});

test('What another system manages is shown, and not offered for distribution', async ({ page, api }) => {
  const owner = await api.makePerson();
  const first = freshSerial();
  await signInAsAdmin(page, '/admin/tokens/import');
  await bring(page, 'cloud.sdtid', await sdtid(records(first, 1, () => ({ userName: owner.userName }))));
  await page.getByRole('radio', { name: 'Managed elsewhere' }).click();
  await page.getByRole('button', { name: 'Import without a check' }).click();
  await imported(page, 'cloud.sdtid');

  await page.goto(`/admin/users/${owner.userName}`);
  const tokens = page.getByRole('table', { name: 'Tokens' });
  await expect(tokens).toContainText('Managed elsewhere');
  await expect(tokens.getByRole('link', { name: 'Distribute' })).toBeHidden();
  await tokens.getByRole('link').first().click();
  await expect(page.getByText('Another system checks the codes of this token')).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: /^Distribute/ })).toBeHidden();
  await page.goto(`/admin/distribute?token=${serialOf(first)}`);
  await expect(page.getByText('Another system manages this token')).toBeVisible();
  await page.goto('/admin/distribute');
  await page.getByRole('searchbox', { name: 'Person or serial number' }).fill(owner.userName);
  await expect(page.getByText('No assigned token')).toBeVisible();
});

test('Tokens of people are overwritten only after a second choice', async ({ page, api }) => {
  const owner = await api.makePerson();
  const first = freshSerial();
  await signInAsAdmin(page, '/admin/tokens/import');
  await bring(page, 'one.sdtid', await sdtid(records(first, 1, () => ({ userName: owner.userName }))));
  await page.getByRole('radio', { name: 'Already on devices' }).click();
  await page.getByRole('button', { name: 'Import without a check' }).click();
  await imported(page, 'one.sdtid');

  await page.goto('/admin/tokens/import');
  await bring(page, 'two.sdtid', await sdtid(records(first, 1)));
  await stock(page).click();
  await page.getByRole('radio', { name: 'Overwrite what is here' }).check();
  await expect(page.getByRole('button', { name: 'Import without a check' })).toBeHidden();
  await check(page).click();
  await expect(page.getByText('Nothing of this file would be imported.')).toBeVisible();
  await expect(page.getByText('It is assigned or in use.')).toBeVisible();

  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('checkbox', { name: 'Also tokens that are assigned or in use' }).check();
  await expect(page.getByText('Tokens of administrators are never touched.')).toBeVisible();
  await check(page).click();
  await expect(page.getByText('1 token that is here is overwritten')).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 token' }).click();
  await imported(page, 'two.sdtid');
  await page.goto(`/admin/tokens/${serialOf(first)}`);
  await expect(page.getByText('Unassigned', { exact: true })).toBeVisible();
  await expect(page.getByText('admin overwrote token')).toBeVisible();
});

test('A running import is cancelled after a question, and goes on later', async ({ page }) => {
  test.slow();
  const name = `many-${unique()}.sdtid`;
  await signInAsAdmin(page, '/admin/tokens/import');
  await bring(page, name, await sdtid(records(freshSerial(), 20_000)));
  await stock(page).click();
  await page.getByRole('button', { name: 'Import without a check' }).click();
  await expect(page.getByRole('progressbar', { name: 'Progress' })).toBeVisible();
  await expect(page.getByText(/^[\d,]+ of 20,000 rows, \d+ % · [\d,]+ rows a second/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
  await expect(page.getByRole('status').filter({ hasText: `${name} was cancelled.` })).toBeAttached();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('20000 tokens imported.').first()).toBeVisible({ timeout: 60_000 });
});

test('A job is followed when the socket is blocked', async ({ page }) => {
  await page.routeWebSocket('**/graphql', (socket) => socket.close());
  await signInAsAdmin(page, '/admin/tokens/import');
  await bring(page, 'asked.sdtid', await sdtid(records(freshSerial(), 2)));
  await stock(page).click();
  await check(page).click();
  await expect(page.getByText('A dry run: 2 tokens would be imported.').first()).toBeVisible();
});
