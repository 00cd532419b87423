import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPskc } from '@symbolon/token-files/pskc/read-pskc';
import { readSdtid } from '@symbolon/token-files/sdtid/read-sdtid';
import type { FileRow } from '@symbolon/token-files/token-record';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { importScene } from '../../../test/import-scene.ts';
import { asProgram, keyOf } from '../../../test/keys.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { sdtid } from '../../../test/token-file.ts';
import { auditEvents } from '../audit/table.ts';
import { mails } from '../notifications/table.ts';
import { generateTokens } from '../tokens/generate-tokens.ts';
import { updateUser } from '../users/update-user.ts';

const PASSWORD = 'Correct-horse-9';
const isMissing = spawnSync('stoken', ['--version']).error !== undefined;

let api: TestApi;
let admin: Person;
let scene: ReturnType<typeof importScene>;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('tina', ['SUPER_ADMIN']);
  scene = importScene(api, admin);
});
afterAll(() => api.close());

const idOf = async (serialNumber: string) => (await scene.tokenNow(serialNumber)).id as string;
const ask = (tokenIds: string[], format: string, password = PASSWORD, person = admin) =>
  act(person, 'exportTokens', { tokenIds, format, password }, 'file { id name }');
async function downloaded(fileId: string): Promise<Buffer> {
  const { url } = await act(admin, 'claimFile', { fileId }, 'url');
  const response = await fetch(url.replace('http://localhost:4000', api.url), {
    headers: { Cookie: admin.cookie },
  });
  return Buffer.from(await response.arrayBuffer());
}
async function rowsOf(rows: AsyncIterable<FileRow>): Promise<FileRow[]> {
  const all: FileRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

it('what was imported comes out again, with its owner, locked by the password', async () => {
  const anna = await api.person('anna');
  await updateUser(api.system, { userId: anna.id, email: 'anna@example.org' });
  const [used, stock] = scene.fresh(2);
  await scene.imported(await sdtid([{ ...used!, userName: 'anna', nickname: 'Blue' }]), { seedsInUse: true });
  await scene.imported(await sdtid([stock!]));
  const ids = [await idOf(used!.serialNumber), await idOf(stock!.serialNumber)];
  const { file } = await ask(ids, 'SDTID');
  const octets = await downloaded(file.id);
  await expect(rowsOf(readSdtid([octets], {}))).rejects.toMatchObject({ code: 'password-required' });
  const rows = await rowsOf(readSdtid([octets], { password: PASSWORD }));
  expect(rows).toMatchObject([
    { token: { serialNumber: used!.serialNumber, seed: used!.seed, userName: 'anna', nickname: 'Blue' } },
    { token: { serialNumber: stock!.serialNumber, seed: stock!.seed } },
  ]);
  const log = await api.deps.db.select().from(auditEvents).where(eq(auditEvents.action, 'token.exported'));
  expect(log.map(({ serialNumber }) => serialNumber)).toEqual([used!.serialNumber, stock!.serialNumber]);
  expect(JSON.stringify(await api.deps.db.select().from(auditEvents))).not.toContain(PASSWORD);
  const told = await api.deps.db.select().from(mails).where(eq(mails.event, 'TOKEN_EXPORTED'));
  expect(told.map(({ address }) => address)).toEqual(['anna@example.org']);
});

it.skipIf(isMissing)('stoken shows the code that we accept', async () => {
  const bob = await api.person('bob');
  const [used] = scene.fresh(1);
  await scene.imported(await sdtid([{ ...used!, userName: bob.userName }]), { seedsInUse: true });
  const { file } = await ask([await idOf(used!.serialNumber)], 'SDTID');
  const folder = mkdtempSync(join(tmpdir(), 'symbolon-export-'));
  const path = join(folder, 'one.sdtid');
  writeFileSync(path, await downloaded(file.id));
  const at = Math.floor(api.deps.clock.now().getTime() / 1000);
  const { stdout } = spawnSync(
    'stoken',
    ['tokencode', '--file', path, '--password', PASSWORD, `--use-time=${at}`, '--batch'],
    { env: { ...process.env, HOME: folder }, encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  const program = asProgram(api.url, admin, await keyOf(admin, ['PASSCODES_VERIFY']));
  const target = { serialNumber: used!.serialNumber };
  expect(await act(program, 'verifyPasscode', { target, passcode: stdout.trim() }, 'outcome')).toMatchObject({
    outcome: 'ACCEPTED',
  });
});

it('TOTP goes into PSKC, and each algorithm into its own', async () => {
  const csv = 'serial,secret,algorithm\nTOTP-9,3132333435363738393031323334353637383930,TOTP\n';
  await scene.imported(csv);
  const totp = await idOf('TOTP-9');
  const [securid] = scene.fresh(1);
  await scene.imported(await sdtid([securid!]));
  const { file } = await ask([totp], 'PSKC');
  const rows = await rowsOf(readPskc([await downloaded(file.id)], { password: PASSWORD }));
  expect(rows).toMatchObject([
    { token: { serialNumber: 'TOTP-9', seed: new Uint8Array(Buffer.from('12345678901234567890')) } },
  ]);
  expect(await ask([totp], 'SDTID')).toMatchObject({ code: 'token.other_format' });
  expect(await ask([totp, await idOf(securid!.serialNumber)], 'PSKC')).toMatchObject({
    code: 'token.other_format',
  });
});

it('is refused without a seed, with a weak password, and to everybody but a Super Admin in person', async () => {
  const [made] = await generateTokens(api.system, {
    count: 1,
    algorithm: 'SECURID',
    expiresOn: '2035-01-01',
  });
  const id = `Token_${made!.id}`;
  expect(await ask([id], 'SDTID')).toMatchObject({ code: 'token.no_seed' });
  expect(await ask([id], 'SDTID', 'short')).toMatchObject({ __typename: 'InvalidInput' });
  expect(await ask([], 'SDTID')).toMatchObject({ __typename: 'InvalidInput' });
  const theo = await api.person('theo', ['TOKEN_ADMIN']);
  const document = `mutation ($input: ExportTokensInput!) { exportTokens(input: $input) { __typename } }`;
  const input = { tokenIds: [id], format: 'SDTID', password: PASSWORD };
  expect((await theo.graphql(document, { input })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const program = asProgram(api.url, admin, await keyOf(admin, ['TOKENS_EXPORT', 'TOKENS_READ']));
  expect((await program.graphql(document, { input })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
