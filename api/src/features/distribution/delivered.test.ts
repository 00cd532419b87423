import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCtf } from '@symbolon/token-files/ctf/parse-ctf';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { asProgram, keyOf } from '../../../test/keys.ts';
import { ask, requestScene } from '../../../test/requests-scene.ts';
import { definitionId, tokensFor } from '../../../test/scene.ts';
import { unixSeconds } from '../../lib/clock.ts';
import { auditEvents } from '../audit/table.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { updateSelfServiceSettings } from '../self-service/update-self-service-settings.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';
import { tokenSeeds, tokens } from '../tokens/table.ts';
import { fileName } from './token-string.ts';

const isMissing = ['stoken', 'unzip'].some((name) => spawnSync(name, ['-v']).error !== undefined);
if (isMissing)
  process.stderr.write(
    '\n*** stoken or unzip is missing: files and strings are not read by anybody else ***\n\n',
  );

const hasPython = ![
  spawnSync('/usr/bin/python3', ['-c', 'import pskc']),
  spawnSync('oathtool', ['--version']),
].some(({ status }) => status !== 0);
if (!hasPython)
  process.stderr.write('\n*** python3-pskc or oathtool is missing: PSKC is read by nobody else ***\n\n');

let api: TestApi;
let admin: Person;
let owner: Person;
let tokenId: string;
let serialNumber: string;
let names = 0;
let folder: string;
const profileIds: Record<string, string> = {};
beforeAll(async () => {
  api = await startTestApi();
  folder = mkdtempSync(join(tmpdir(), 'symbolon-delivered-'));
  admin = await api.person('tina', ['TOKEN_ADMIN']);
  for (const [name, deviceType, deliveryMethod] of [
    ['file', 'Desktop PC 5.x', 'FILE'],
    ['android', 'Android 2.x', 'CTF'],
    ['iphone', 'iPhone 1.3', 'CTF'],
    ['phone', 'Windows Phone 1.x', 'CTF'],
    ['oath', 'OATH program', 'FILE'],
  ] as const) {
    const deviceDefinitionId = await definitionId(api, deviceType);
    const algorithm = name === 'oath' ? 'TOTP' : 'SECURID';
    const made = await createTokenProfile(api.system, {
      name,
      deviceDefinitionId,
      deliveryMethod,
      algorithm,
    });
    profileIds[name] = `TokenProfile_${made.id}`;
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
});
beforeEach(async () => {
  owner = await api.person(`alice${(names += 1)}`);
  const [token] = await tokensFor(api, owner.id);
  tokenId = `Token_${token!.id}`;
  ({ serialNumber } = token!);
});

const ANSWER = 'distribution { id state } activationCode link ctfUrl file { id name size url isClaimable }';
const deliver = (profile: string, input: object = {}, person = admin) =>
  act(person, 'distributeToken', { tokenId, profileId: profileIds[profile], ...input }, ANSWER);
const download = async (fileId: string, person = admin) => {
  const { url } = await act(person, 'claimFile', { fileId }, 'url');
  const response = await fetch(url.replace('http://localhost:4000', api.url), {
    headers: { Cookie: person.cookie },
  });
  return Buffer.from(await response.arrayBuffer());
};
/** The only file in a ZIP, by a program of others. */
function unzipped(zip: Buffer): { name: string; path: string } {
  const at = join(folder, `${names}.zip`);
  writeFileSync(at, zip);
  const name = execFileSync('unzip', ['-Z1', at], { encoding: 'utf8' }).trim();
  execFileSync('unzip', ['-q', '-o', at, '-d', folder]);
  return { name, path: join(folder, name) };
}
const stoken = (...args: string[]) =>
  execFileSync('stoken', ['tokencode', '--batch', '--pin', '0000', ...args], {
    env: { ...process.env, HOME: folder },
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .at(-1)!;
const now = () => `--use-time=${unixSeconds(api.deps.clock.now())}`;
const verify = async (passcode: string) => {
  const program = asProgram(api.url, admin, await keyOf(admin, ['PASSCODES_VERIFY']));
  return (await act(program, 'verifyPasscode', { target: { serialNumber }, passcode }, 'outcome')).outcome;
};
const stateOf = async (id: string) =>
  (
    await admin.graphql(
      'query ($id: ID!) { node(id: $id) { ... on Distribution { state token { status hasProvisionalSeed } } } }',
      { id },
    )
  ).data.node;

describe('by file', () => {
  it.skipIf(isMissing)('a ZIP with one SDTID file, whose first code by stoken confirms it', async () => {
    const { file, distribution, ctfUrl } = await deliver('file', {
      filePasswordRule: 'PASSWORD',
      filePassword: 'Sesame-42!',
      deviceBinding: 'DEVICE',
      deviceId: 'A1B2C3D4',
    });
    expect(file).toMatchObject({
      name: `${owner.userName}_${serialNumber}.sdtid.zip`,
      url: null,
      isClaimable: true,
    });
    expect(ctfUrl).toBeNull();
    expect(await stateOf(distribution.id)).toMatchObject({
      state: 'DELIVERED',
      token: { status: 'PENDING' },
    });
    const { name, path } = unzipped(await download(file.id));
    expect(name).toBe(`${owner.userName}_${serialNumber}.sdtid`);
    const code = stoken('--file', path, '--password', 'Sesame-42!', now());
    expect(await verify(code)).toBe('ACCEPTED');
    expect(await stateOf(distribution.id)).toMatchObject({ state: 'CONFIRMED', token: { status: 'ACTIVE' } });
    expect(await act(admin, 'claimFile', { fileId: file.id }, 'url')).toMatchObject({
      __typename: 'InvalidState',
    });
  });

  it('the seed is new each time, and a former one that nobody confirmed is dead', async () => {
    const first = await deliver('file');
    const second = await deliver('file');
    expect(await stateOf(first.distribution.id)).toMatchObject({ state: 'SUPERSEDED' });
    expect(await act(admin, 'claimFile', { fileId: first.file.id }, 'url')).toMatchObject({
      code: 'file.gone',
    });
    expect(await stateOf(second.distribution.id)).toMatchObject({ state: 'DELIVERED' });
    const rows = await api.deps.db
      .select()
      .from(tokenSeeds)
      .where(eq(tokenSeeds.tokenId, tokenId.slice('Token_'.length)));
    expect(rows).toMatchObject([{ state: 'PROVISIONAL', confirmation: 'FIRST_USE' }]);
    expect(
      await act(
        admin,
        'revokeDistribution',
        { distributionId: second.distribution.id },
        'distribution { state }',
      ),
    ).toMatchObject({ distribution: { state: 'REVOKED' } });
    expect(await stateOf(second.distribution.id)).toMatchObject({ token: { hasProvisionalSeed: false } });
  });

  it.each<[Record<string, string>, string]>([
    [{ filePasswordRule: 'PASSWORD' }, 'file_password.required'],
    [{ filePasswordRule: 'NONE', filePassword: 'x' }, 'file_password.unused'],
    [{ filePasswordRule: 'USER_NAME', filePassword: 'x' }, 'file_password.unused'],
    [{ filePasswordRule: 'PASSWORD', filePassword: 'x'.repeat(25) }, 'file_password.length'],
    [{ filePasswordRule: 'PASSWORD', filePassword: 'é'.repeat(17) }, 'file_password.length'],
    [{ filePasswordRule: 'USER_NAME_AND_PASSWORD', filePassword: 'x'.repeat(20) }, 'file_password.length'],
    [{ filePasswordRule: 'PASSWORD', filePassword: ' x' }, 'file_password.characters'],
    [{ deviceBinding: 'FIRST' }, 'device_binding.delivered'],
    [{ deviceBinding: 'DEVICE', deviceId: 'wxyz-wxyz', by: 'android' }, 'device_id.hexadecimal'],
  ])('%j is refused: %s', async ({ by = 'file', ...input }, code) => {
    const { data } = await admin.graphql(
      `mutation ($input: DistributeTokenInput!) { distributeToken(input: $input) {
        __typename ... on InvalidInput { fields { code } } } }`,
      { input: { tokenId, profileId: profileIds[by], ...input } },
    );
    expect(data.distributeToken).toMatchObject({ __typename: 'InvalidInput', fields: [{ code }] });
  });

  it('24 characters are enough for user name and password', async () => {
    const filePassword = 'x'.repeat(24 - owner.userName.length);
    expect(await deliver('file', { filePasswordRule: 'USER_NAME_AND_PASSWORD', filePassword })).toMatchObject(
      {
        __typename: 'DistributeTokenSuccess',
      },
    );
  });

  it.skipIf(isMissing)(
    'every password that may be chosen locks, also the words for «no origin»',
    async () => {
      const { file } = await deliver('file', { filePasswordRule: 'PASSWORD', filePassword: 'N/A' });
      const { path } = unzipped(await download(file.id));
      expect(stoken('--file', path, '--password', 'N/A', now())).toMatch(/^\d{8}$/);
      const locked = spawnSync('stoken', ['tokencode', '--batch', '--pin', '0000', '--file', path], {
        env: { ...process.env, HOME: folder },
      });
      expect(locked.status).not.toBe(0);
    },
  );

  it('zip-slip: no name leads out of the folder that it is unpacked into', () => {
    expect(fileName('../../etc/passwd_000123456789')).toBe('__.._etc_passwd_000123456789');
    for (const name of ['..', '/abs', 'C:\\x', 'a/../../b', '....//x', 'a\0b'])
      expect(fileName(name)).not.toMatch(/[/\\:\0]|^\./);
  });

  it('a lost answer is asked for again, with the same file', async () => {
    const input = { idempotencyKey: `file ${serialNumber}`, filePasswordRule: 'USER_NAME' };
    const first = await deliver('file', input);
    const again = await deliver('file', input);
    expect(again).toEqual(first);
    for (const other of [
      { filePasswordRule: 'NONE' },
      { filePasswordRule: 'USER_NAME_AND_PASSWORD', filePassword: 'x' },
      { copyProtected: false },
    ]) {
      expect(await deliver('file', { ...input, ...other })).toMatchObject({
        code: 'idempotency_key.other_input',
      });
    }
    await deliver('file');
    expect(await deliver('file', input)).toMatchObject({ distribution: { state: 'SUPERSEDED' }, file: null });
  });

  it('is copy protected where nothing else was asked for', async () => {
    for (const [input, flag] of [
      [{}, 1],
      [{ copyProtected: false }, 0],
    ] as const) {
      const { file } = await deliver('file', input);
      const zip = await download(file.id);
      const sdtid = isMissing ? '' : readFileSync(unzipped(zip).path, 'utf8');
      if (!isMissing) expect(sdtid).toContain(`<DefCopyProtection>${flag}</DefCopyProtection>`);
    }
  });

  it.skipIf(!hasPython)('a TOTP token as PSKC, whose code by other programs confirms it', async () => {
    const [token] = await tokensFor(api, owner.id, 1, 'TOTP');
    tokenId = `Token_${token!.id}`;
    ({ serialNumber } = token!);
    const filePassword = 'Grüße-42';
    const { file } = await deliver('oath', { filePasswordRule: 'PASSWORD', filePassword });
    const { name, path } = unzipped(await download(file.id));
    expect(name).toBe(`${owner.userName}_${serialNumber}.pskcxml`);
    const opens =
      'import pskc,sys;p=pskc.PSKC(sys.argv[1]);p.encryption.derive_key(sys.argv[2]);print(p.keys[0].secret.hex())';
    const seed = execFileSync('/usr/bin/python3', ['-c', opens, path, filePassword], {
      encoding: 'utf8',
    }).trim();
    const at = `@${unixSeconds(api.deps.clock.now())}`;
    expect(
      await verify(execFileSync('oathtool', ['--totp', '--now', at, seed], { encoding: 'utf8' }).trim()),
    ).toBe('ACCEPTED');
  });

  it('a token that another system manages is refused', async () => {
    await api.deps.db
      .update(tokens)
      .set({ managedElsewhere: true })
      .where(eq(tokens.id, tokenId.slice('Token_'.length)));
    expect(await deliver('file')).toMatchObject({ code: 'token.managed_elsewhere' });
  });
});

describe('by CTF', () => {
  it.skipIf(isMissing)('a link that stoken reads with password and class of device', async () => {
    const { ctfUrl, file } = await deliver('android', {
      filePasswordRule: 'USER_NAME_AND_PASSWORD',
      filePassword: '-42!',
    });
    expect(file).toBeNull();
    expect(ctfUrl).toMatch(/^http:\/\/127\.0\.0\.1\/securid\/ctf\?ctfData=2\d{80}$/);
    const code = stoken(`--token=${ctfUrl}`, '--password', `${owner.userName}-42!`, now());
    expect(await verify(code)).toBe('ACCEPTED');
  });

  it('each app gets its own form, and the device is part of the key', async () => {
    const { ctfUrl } = await deliver('iphone', { deviceBinding: 'DEVICE', deviceId: 'a1b2c3d4e5f6' });
    expect(ctfUrl).toMatch(/^com\.rsa\.securid\.iphone:\/\/ctf\?ctfData=2\d{80}$/);
    expect(() => parseCtf(ctfUrl, {})).toThrow(/bound to a device/);
    expect(parseCtf(ctfUrl, { deviceId: 'A1B2-C3D4-E5F6' })).toMatchObject({ serialNumber });
    expect((await deliver('phone')).ctfUrl).toMatch(/^(\d{5}-){16}\d$/);
  });

  it('ends in the app on the last day that digits can say, however long the token lives here', async () => {
    await api.deps.db
      .update(tokens)
      .set({ expiresOn: '2099-12-31' })
      .where(eq(tokens.id, tokenId.slice('Token_'.length)));
    expect(parseCtf((await deliver('android')).ctfUrl, {})).toMatchObject({ expiresOn: '2044-11-08' });
  });

  it('is answered once', async () => {
    const input = { idempotencyKey: `ctf ${serialNumber}` };
    const first = await deliver('android', input);
    expect(await deliver('android', input)).toMatchObject({ distribution: first.distribution, ctfUrl: null });
  });
});

it('no password, string or seed lies in the clear in any table, and none goes out by mail', async () => {
  const { file } = await deliver('file', { filePasswordRule: 'PASSWORD', filePassword: 'Open-Sesame-77' });
  await download(file.id);
  const input = { filePasswordRule: 'PASSWORD', filePassword: 'Open-Sesame-78', idempotencyKey: `s${names}` };
  const { ctfUrl } = await deliver('android', input);
  const digits = /\d{81}$/.exec(ctfUrl)![0];
  const [android] = await api.deps.db
    .select()
    .from(deviceDefinitions)
    .where(eq(deviceDefinitions.deviceType, 'Android 2.x'));
  const { seed } = parseCtf(ctfUrl, { password: 'Open-Sesame-78', deviceId: android!.deviceClass });
  const tables = await api.deps.db.execute<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables) {
    const [row] = await api.deps.db.execute<{ all: string }>(
      `SELECT coalesce(string_agg(t::text, E'\\n'), '') AS all FROM ${name} t`,
    );
    for (const secret of ['Open-Sesame', digits, Buffer.from(seed).toString('hex')])
      expect(row!.all.includes(secret), `${secret} in ${name}`).toBe(false);
  }
});

it('other methods take no password', async () => {
  const qr = await createTokenProfile(api.system, {
    name: 'qr',
    deviceDefinitionId: await definitionId(api),
    deliveryMethod: 'CT_KIP_QR',
  });
  profileIds['qr'] = `TokenProfile_${qr.id}`;
  expect(await deliver('qr', { filePasswordRule: 'PASSWORD', filePassword: 'x' })).toMatchObject({
    __typename: 'InvalidInput',
  });
});

describe('by the owner in self-service', () => {
  const take = (person: Person, input: object = {}) =>
    act(person, 'takeTokenFile', { tokenId, ...input }, 'distribution { state } ctfUrl file { id }');

  it.skipIf(isMissing)('is asked for, approved, taken once with a password, and used', async () => {
    const scene = await requestScene(api);
    await scene.policy({ approvalSteps: 0, generateTokens: true });
    const offers = { requestableProfileIds: [profileIds['file']!.slice('TokenProfile_'.length)] };
    await expect(updateSelfServiceSettings(api.system, offers)).rejects.toMatchObject({
      code: 'token_profile.files_not_allowed',
    });
    await updateSelfServiceSettings(api.system, { allowFileDelivery: true, ...offers });
    const asker = await scene.person(`asker${names}`);
    const { tokenRequest } = await ask(asker, profileIds['file']!);
    expect(tokenRequest).toMatchObject({ status: 'APPROVED', token: { status: 'PENDING' } });
    tokenId = tokenRequest.token.id;
    ({ serialNumber } = tokenRequest.token);
    expect(await take(owner)).toMatchObject({ __typename: 'NotFound' });
    expect(await take(admin)).toMatchObject({ __typename: 'NotFound' });
    expect(await take(asker, { filePasswordRule: 'PASSWORD', filePassword: 'x'.repeat(25) })).toMatchObject({
      __typename: 'InvalidInput',
    });
    const taken = await take(asker, { filePasswordRule: 'PASSWORD', filePassword: 'My-own-1' });
    expect(taken).toMatchObject({ distribution: { state: 'DELIVERED' } });
    expect(await take(asker)).toMatchObject({ code: 'token.not_distributed' });
    expect(await act(admin, 'claimFile', { fileId: taken.file.id }, 'url')).toMatchObject({
      __typename: 'NotFound',
    });
    const { path } = unzipped(await download(taken.file.id, asker));
    const passcode = stoken('--file', path, '--password', 'My-own-1', now());
    const target = { serialNumber };
    expect(await act(asker, 'verifyPasscode', { target, passcode }, 'outcome')).toMatchObject({
      outcome: 'ACCEPTED',
    });
    const { data } = await asker.graphql('query ($id: ID!) { tokenRequest(id: $id) { status } }', {
      id: tokenRequest.id,
    });
    expect(data.tokenRequest).toEqual({ status: 'COMPLETED' });
    const log = await api.deps.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.serialNumber, serialNumber));
    expect(log.map(({ action }) => action)).toContain('token.file_taken');
  });

  it('is over when the administrator switches it off', async () => {
    await updateSelfServiceSettings(api.system, { allowFileDelivery: false });
    expect(await take(owner)).toMatchObject({ code: 'file.not_offered' });
    const asker = await api.person(`late${names}`);
    expect(await ask(asker, profileIds['file']!)).toMatchObject({ code: 'token_profile.not_offered' });
  });
});
