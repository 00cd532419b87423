import { readFileSync } from 'node:fs';
import { totpCode } from '@symbolon/tokencode/totp';
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { importScene, JOB } from '../../../test/import-scene.ts';
import { asProgram, keyOf } from '../../../test/keys.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { records, sdtid } from '../../../test/token-file.ts';
import { upload } from '../../../test/upload.ts';
import { unixSeconds } from '../../lib/clock.ts';
import { auditEvents } from '../audit/table.ts';
import { requeueLostJobs } from '../jobs/requeue-lost-jobs.ts';
import { sweepJobs } from '../jobs/sweep-jobs.ts';
import { jobRows, jobs } from '../jobs/table.ts';

type Scene = ReturnType<typeof importScene>;

let api: TestApi;
let admin: Person;
let fresh: Scene['fresh'];
let imported: Scene['imported'];
let jobNow: Scene['jobNow'];
let start: Scene['start'];
let tokenNow: Scene['tokenNow'];

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('tina', ['TOKEN_ADMIN', 'SUPER_ADMIN']);
  ({ fresh, imported, jobNow, start, tokenNow } = importScene(api, admin));
});
afterAll(() => api.close());

describe('a locked or broken file', () => {
  it('wants its password, which is told apart from damage, and the upload stays', async () => {
    const given = fresh(1);
    const file = await sdtid(given, 'Sesame-42!');
    const { answer, fileId } = await start(file);
    expect(answer).toMatchObject({ __typename: 'BadPassword', code: 'file.password_required' });
    expect(await act(admin, 'importTokens', { fileId, password: 'wrong' }, JOB)).toMatchObject({
      __typename: 'BadPassword',
      code: 'file.wrong_password',
    });
    const { job } = await act(admin, 'importTokens', { fileId, password: 'Sesame-42!' }, JOB);
    expect(JSON.stringify(await api.deps.db.select().from(jobs))).not.toContain('Sesame');
    await api.work();
    expect(await jobNow(job.id)).toMatchObject({ state: 'SUCCEEDED', done: 1 });
    const log = await api.deps.db.select().from(auditEvents);
    expect(JSON.stringify(log)).not.toContain('Sesame');
    const damaged = await start(file.replace('<Dest>N/A</Dest>', '<Dest>N/A</Dest><X/>'), {
      password: 'Sesame-42!',
    });
    expect(damaged.answer).toMatchObject({ __typename: 'BadFile', code: 'file.damaged' });
  });

  it.each([
    ['no token file', 'hello', 'file.malformed'],
    ['a DOCTYPE', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><TKNBatch/>', 'file.doctype'],
    ['half a file', '<?xml version="1.0"?><TKNBatch><TKNHeader>', 'file.malformed'],
  ])('%s is refused', async (_, file, code) => {
    expect((await start(file)).answer).toMatchObject({ __typename: 'BadFile', code });
  });
});

describe('files of other formats', () => {
  const sample = (name: string) =>
    readFileSync(new URL(`../../../../packages/token-files/test/samples/${name}`, import.meta.url), 'utf8');

  it('PSKC with a password: TOTP is kept, HOTP is left out by name', async () => {
    const { fileId, answer } = await start(sample('pskc/own-pbkdf2-aes128.xml'));
    expect(answer).toMatchObject({ code: 'file.password_required' });
    expect(await act(admin, 'importTokens', { fileId, password: 'asdfgh' }, JOB)).toMatchObject({
      code: 'file.wrong_password',
    });
    const { job } = await act(admin, 'importTokens', { fileId, password: 'qwerty' }, JOB);
    await api.work();
    expect(await jobNow(job.id)).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('PSKC with a shared key, which is typed in hex', async () => {
    const { fileId, answer } = await start(sample('pskc/own-preshared-aes128.xml'));
    expect(answer).toMatchObject({ code: 'file.key_required' });
    const password = '12345678901234567890123456789012';
    expect(
      await act(admin, 'importTokens', { fileId, password: `0${password.slice(1)}` }, JOB),
    ).toMatchObject({
      __typename: 'BadPassword',
    });
    expect((await act(admin, 'importTokens', { fileId, password }, JOB)).job).toMatchObject({
      state: 'QUEUED',
    });
    await api.work();
  });

  it('CTF, with the password and the device id that it is locked with', async () => {
    const { fileId, answer } = await start(sample('ctf/A.pw-dev.ctf'));
    expect(answer).toMatchObject({ code: 'file.device_required' });
    const deviceId = '0123456789ABCDEF01234567';
    expect(await act(admin, 'importTokens', { fileId, deviceId }, JOB)).toMatchObject({
      code: 'file.password_required',
    });
    expect(await act(admin, 'importTokens', { fileId, deviceId, password: 'Sesame-42!' }, JOB)).toMatchObject(
      { job: { state: 'QUEUED' } },
    );
    await api.work();
    expect(await tokenNow('000123456789')).toMatchObject({ status: 'UNASSIGNED', pinStyle: 'PINPAD' });
  });

  it('otpauth links and CSV; their TOTP codes count once they are in use', async () => {
    const gerd = await api.person('gerd');
    const seed = Buffer.from('12345678901234567890');
    const csv = `serial,secret,algorithm,digits,period,user\nGA-1,${seed.toString('hex')},TOTP,6,30,gerd\n`;
    const job = await imported(csv, { seedsInUse: true });
    expect(job.counts).toMatchObject({ new: 1, assigned: 1 });
    const at = unixSeconds(api.deps.clock.now());
    const passcode = totpCode({ seed, hashAlgorithm: 'SHA1', digits: 6, intervalSeconds: 30, at });
    const target = { userName: gerd.userName };
    expect((await act(gerd, 'verifyPasscode', { target, passcode }, 'outcome')).outcome).toBe('ACCEPTED');
    const links = await imported(
      'otpauth://totp/ACME:a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\notpauth://hotp/ACME:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=1\n',
    );
    expect(links).toMatchObject({ done: 1, skipped: 1 });
    expect(links.rows.nodes).toMatchObject([{ code: 'row.hotp' }]);
  });
});

describe('who may', () => {
  it('imports one’s own uploads only, and sees jobs with TOKENS_READ', async () => {
    const theo = await api.person('theo', ['TOKEN_ADMIN']);
    const { id } = await upload(api.url, admin, await sdtid(fresh(1)));
    expect(await act(theo, 'importTokens', { fileId: id }, JOB)).toMatchObject({ code: 'file.not_found' });
    const nobody = await api.person('nora');
    expect((await nobody.graphql('{ jobs { nodes { id } } }')).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
    const { data } = await theo.graphql('{ jobs(first: 3) { nodes { id name } totalCount } }');
    expect(data.jobs.nodes).toHaveLength(3);
    await act(admin, 'discardUpload', { fileId: id });
  });

  it('an import ends when its maker loses the right to it meanwhile', async () => {
    const lost = await api.person('leo', ['TOKEN_ADMIN']);
    const given = fresh(1);
    const { answer } = await start(await sdtid(given), {}, lost);
    await act(admin, 'updateUser', { userId: `User_${lost.id}`, roles: [] });
    await api.work();
    expect(await jobNow(answer.job.id)).toMatchObject({ state: 'FAILED', done: 0 });
    expect(await tokenNow(given[0]!.serialNumber)).toBeNull();
  });

  it('by key does no more than the key may: a user of more rights gets nothing', async () => {
    await api.person('rita', ['AUDITOR']);
    const { key, id } = await keyOf(admin, ['TOKENS_MANAGE', 'TOKENS_READ']);
    const program = asProgram(api.url, admin, { id, key });
    const [one] = fresh(1);
    const file = await upload(api.url, admin, await sdtid([{ ...one!, userName: 'rita' }]), 'x', {
      Authorization: `Bearer ${key}`,
    });
    const { job } = await act(program, 'importTokens', { fileId: file.id, seedsInUse: true }, JOB);
    await api.work();
    expect((await jobNow(job.id)).rows.nodes).toMatchObject([{ code: 'user.outranks_you' }]);
  });
});

describe('a job', () => {
  it('is cancelled before it begins, and goes on when that is wanted', async () => {
    const given = fresh(2);
    const { answer } = await start(await sdtid(given));
    const { id } = answer.job;
    expect(await act(admin, 'cancelJob', { jobId: id }, 'job { state message }')).toMatchObject({
      job: { state: 'CANCELLED', message: 'Cancelled before anything was done.' },
    });
    await api.work();
    expect(await tokenNow(given[0]!.serialNumber)).toBeNull();
    expect(await act(admin, 'cancelJob', { jobId: id }, 'job { id }')).toMatchObject({ code: 'job.over' });
    expect(await act(admin, 'retryJob', { jobId: id }, 'job { state }')).toMatchObject({
      job: { state: 'QUEUED' },
    });
    await api.work();
    expect(await jobNow(id)).toMatchObject({ state: 'SUCCEEDED', done: 2 });
  });

  it('that goes on in the middle begins its pace anew', async () => {
    const { answer } = await start(await sdtid(fresh(502)));
    const { id } = answer.job;
    const row = eq(jobs.id, id.slice('Job_'.length));
    const before = new Date(api.clock.now().getTime() - 3600_000);
    await api.deps.db
      .update(jobs)
      .set({ position: 500, total: 502, startedAt: before, pacedSince: before, pacedFrom: 0 })
      .where(row);
    await api.work();
    const [job] = await api.deps.db.select().from(jobs).where(row);
    expect(job).toMatchObject({ state: 'SUCCEEDED', position: 502, done: 2, pacedFrom: 500 });
    expect(job!.pacedSince!.getTime()).toBeGreaterThan(before.getTime());
  });

  it('keeps the first 10 000 rows of its log, whatever became of them, and says so', async () => {
    expect(await imported(await sdtid(fresh(2)))).toMatchObject({ done: 2, rowsCut: false });
    const given = records(10_050, 400_000_001).map((one) => ({ ...one, userName: 'nobody-here' }));
    const job = await imported(await sdtid(given), { seedsInUse: true });
    expect(job).toMatchObject({ counts: { new: 10_050, withoutOwner: 10_050 }, rowsCut: true });
    const kept = eq(jobRows.jobId, job.id.slice('Job_'.length));
    expect(await api.deps.db.$count(jobRows, kept)).toBe(10_000);
  }, 60_000);

  it('that the queue has lost is queued again, and one that it holds is not', async () => {
    const { answer } = await start(await sdtid(fresh(1)));
    const queued = async () =>
      (await api.deps.db.execute(sql`SELECT id, attempts FROM graphile_worker.jobs WHERE key LIKE 'job %'`))
        .length;
    const before = await queued();
    await requeueLostJobs(api.system);
    expect(await queued()).toBe(before);
    // As it is after a kill in the last try.
    await api.deps.db.execute(sql`UPDATE graphile_worker._private_jobs SET attempts = max_attempts`);
    await api.work();
    expect(await jobNow(answer.job.id)).toMatchObject({ state: 'QUEUED' });
    await requeueLostJobs(api.system);
    await api.work();
    expect(await jobNow(answer.job.id)).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('that failed can go on for a day; then its upload and password are gone', async () => {
    const leo = await api.person('leonie', ['TOKEN_ADMIN']);
    const { answer } = await start(await sdtid(fresh(1), 'Sesame-42!'), { password: 'Sesame-42!' }, leo);
    const { id } = answer.job;
    await act(admin, 'updateUser', { userId: `User_${leo.id}`, roles: [] });
    await api.work();
    const seen = async (person: Person) =>
      (
        await person.graphql(
          'query ($id: ID!) { attention { failedJobs } node(id: $id) { ... on Job { isRetryable } } }',
          { id },
        )
      ).data;
    expect(await seen(admin)).toMatchObject({ node: { isRetryable: true } });
    api.clock.advance(24 * 3600 - 60);
    await sweepJobs(api.system);
    const later = await api.person('tom', ['TOKEN_ADMIN']);
    expect(await seen(later)).toEqual({ attention: { failedJobs: 2 }, node: { isRetryable: true } });
    api.clock.advance(120);
    await sweepJobs(api.system);
    expect(await seen(later)).toMatchObject({ node: { isRetryable: false } });
    expect(await act(later, 'retryJob', { jobId: id }, 'job { id }')).toMatchObject({ code: 'file.gone' });
    const withSecret = and(eq(jobs.state, 'FAILED'), isNotNull(jobs.sealedSecret));
    expect(await api.deps.db.select().from(jobs).where(withSecret)).toEqual([]);
  });
});
