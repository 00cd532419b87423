import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { act } from '../../../test/act.ts';
import { closeServers, serveHttp, serveHttps } from '../../../test/address-scene.ts';
import { makeCertificate } from '@symbolon/serving/test/certificates';
import { ORIGIN, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { auditEvents } from '../audit/table.ts';
import { checkAddressesWhenDue } from './check-addresses-when-due.ts';
import { checkAddresses, lockChecks } from './check-addresses.ts';
import { addressChecks } from './table.ts';

let api: TestApi;
let admin: Person;
let publicUrl: string;
beforeAll(async () => {
  publicUrl = await serveHttps(makeCertificate({ to: 20 }));
  api = await startTestApi(undefined, {
    SYMBOLON_PUBLIC_URL: publicUrl,
    SYMBOLON_ADMIN_URL: ORIGIN,
  });
  admin = await api.person('admin', ['SUPER_ADMIN']);
});
afterEach(() => api.deps.db.delete(addressChecks));
afterAll(async () => {
  await closeServers();
  await api.close();
});

const SELECTION =
  'addressChecks { url purposes checkedAt findings { code severity message advice params { name value } } }';
const audited = () =>
  api.deps.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.action, 'addresses.checked'))
    .orderBy(auditEvents.id);

test('before the first check the addresses are there, without findings', async () => {
  expect((await admin.graphql(`{ ${SELECTION} phoneHindrance { code } }`)).data).toEqual({
    addressChecks: [
      { url: publicUrl, purposes: ['PHONES'], checkedAt: null, findings: [] },
      { url: ORIGIN, purposes: ['CONSOLES'], checkedAt: null, findings: [] },
    ],
    // Known without a check.
    phoneHindrance: { code: 'reach.loopback' },
  });
});

test('a check is kept with the gravest first, told in words, audited, and counted as trouble', async () => {
  const { addressChecks: checks } = await act(admin, 'checkAddresses', {}, SELECTION);
  expect(checks[0].findings.slice(0, 3)).toMatchObject([
    {
      code: 'certificate.self_signed',
      severity: 'ERROR',
      message: 'The certificate signs itself, so phones do not trust it.',
      advice: expect.stringMatching(/public authority/),
    },
    { code: 'reach.loopback', severity: 'WARNING' },
    { code: 'certificate.expires_soon', severity: 'WARNING' },
  ]);
  // Whatever listens there on this machine, it is not this installation.
  expect(checks[1].findings[0].severity).toBe('ERROR');
  const codes = checks[0].findings.map(({ code }: { code: string }) => code);
  expect(codes).toContain('answer.here');
  expect(codes).toContain('clock.agrees');
  expect((await admin.graphql(`{ ${SELECTION} }`)).data).toEqual({ addressChecks: checks });
  expect((await audited()).slice(-2)).toMatchObject([
    {
      actorName: 'admin',
      details: { url: publicUrl, findings: expect.stringContaining('certificate.self_signed') },
    },
    { actorName: 'admin', details: { url: ORIGIN } },
  ]);
  expect((await admin.graphql('{ attention { addressTrouble } phoneHindrance { code } }')).data).toEqual({
    attention: { addressTrouble: 2 },
    phoneHindrance: { code: 'reach.loopback' },
  });
});

test('only the addresses that were asked for', async () => {
  const { addressChecks: checks } = await act(admin, 'checkAddresses', { purpose: 'CONSOLES' }, SELECTION);
  expect(checks[0].checkedAt).toBeNull();
  expect(checks[1].checkedAt).not.toBeNull();
});

test('one check at a time, on all instances', async () => {
  const second = await api.secondInstance({ SYMBOLON_PUBLIC_URL: publicUrl });
  const before = (await audited()).length;
  await second.deps.db.transaction(async (tx) => {
    expect(await lockChecks(tx)).toBe(true);
    await expect(checkAddresses(api.system)).rejects.toMatchObject({
      kind: 'Conflict',
      code: 'addresses.being_checked',
    });
  });
  expect((await audited()).length).toBe(before);
  await checkAddresses(api.system);
});

test('by itself once a day; what did not change is not audited again', async () => {
  const rows = () => api.deps.db.select().from(addressChecks);
  await checkAddressesWhenDue(api.system);
  const [first] = await rows();
  const told = (await audited()).length;
  await checkAddressesWhenDue(api.system);
  expect((await rows())[0]!.checkedAt).toEqual(first!.checkedAt);
  await checkAddressesWhenDue(api.system, { now: true });
  expect((await rows())[0]!.checkedAt).not.toEqual(first!.checkedAt);
  api.clock.advance(24 * 3600 + 60);
  await checkAddressesWhenDue(api.system);
  expect((await rows())[0]!.checkedAt.getTime() - first!.checkedAt.getTime()).toBeGreaterThan(86_400_000);
  expect(await audited()).toHaveLength(told);
  api.clock.advance(19 * 24 * 3600);
  await checkAddressesWhenDue(api.system);
  expect((await audited()).at(-1)).toMatchObject({
    actorName: null,
    details: { findings: expect.stringContaining('certificate.expired') },
  });
  api.clock.advance(-(20 * 24 * 3600 + 60));
});

test('findings of a newer version are left out', async () => {
  await api.deps.db.insert(addressChecks).values({
    url: publicUrl,
    findings: [{ code: 'moon.full', params: {} }] as never,
    checkedAt: api.clock.now(),
  });
  const { data } = await admin.graphql('{ addressChecks { findings { code } } }');
  expect(data.addressChecks[0].findings).toEqual([]);
});

test('reading needs SETTINGS_READ, checking SETTINGS_MANAGE, and who makes profiles is warned', async () => {
  const auditor = await api.person('ada', ['AUDITOR']);
  const tokenAdmin = await api.person('tom', ['TOKEN_ADMIN']);
  const user = await api.person('ulla');
  await checkAddresses(api.system);
  const refused = { errors: [{ extensions: { code: 'FORBIDDEN' } }] };
  expect((await auditor.graphql('{ addressChecks { url } }')).data.addressChecks).toHaveLength(2);
  expect(await act(auditor, 'checkAddresses', {})).toEqual({ refused: 'FORBIDDEN' });
  expect(await tokenAdmin.graphql('{ addressChecks { url } }')).toMatchObject(refused);
  expect((await tokenAdmin.graphql('{ phoneHindrance { code } attention { addressTrouble } }')).data).toEqual(
    {
      phoneHindrance: { code: 'reach.loopback' },
      attention: { addressTrouble: 0 },
    },
  );
  expect(await user.graphql('{ phoneHindrance { code } }')).toMatchObject(refused);
});

test('a challenge that is none is refused, and phones are answered as ever', async () => {
  const type = { 'Content-Type': 'application/x-symbolon-address-check' };
  const post = (path: string, body: string, headers: Record<string, string> = type) =>
    fetch(`${api.url}${path}`, { method: 'POST', headers, body });
  for (const body of ['', 'x', 'A'.repeat(32), '0'.repeat(33)]) {
    expect((await post('/healthz', body)).status).toBe(400);
  }
  expect((await post('/healthz', '0'.repeat(500))).status).toBe(413);
  const answer = await post('/ctkip/services/CtkipService', '0'.repeat(32));
  expect(await answer.text()).toMatch(/^[0-9a-f]{64}$/);
  const phone = await post('/ctkip/services/CtkipService', '0'.repeat(32), { 'Content-Type': 'text/xml' });
  expect(await phone.text()).toMatch(/^<\?xml|^<[a-z]/i);
});

test('files for the next renewal that do not fit are told while the former are in service', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'symbolon-tls-'));
  const made = makeCertificate();
  const certificateFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  await writeFile(certificateFile, made.certificate);
  await writeFile(keyFile, made.key);
  const { deps } = await api.secondInstance({
    SYMBOLON_PUBLIC_URL: await serveHttp(),
    TLS_CERT_FILE: certificateFile,
    TLS_KEY_FILE: keyFile,
  });
  const system = { ...deps, actor: { kind: 'system' as const }, request: { id: 'test', address: '' } };
  const codes = async () => (await checkAddresses(system))[0]!.findings.map(({ code }) => code);
  expect(await codes()).not.toContain('files.unusable');
  await writeFile(keyFile, makeCertificate().key);
  expect(await codes()).toContain('files.unusable');
  await rm(folder, { recursive: true });
});
