import type { TokenRecord } from '@symbolon/token-files/token-record';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { importScene, JOB } from '../../../test/import-scene.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { sdtid } from '../../../test/token-file.ts';
import { upload } from '../../../test/upload.ts';
import { auditEvents } from '../audit/table.ts';
import { tokenSeeds, tokens } from '../tokens/table.ts';

type Scene = ReturnType<typeof importScene>;

let api: TestApi;
let admin: Person;
let fresh: Scene['fresh'];
let imported: Scene['imported'];
let jobNow: Scene['jobNow'];
let start: Scene['start'];
let tokenNow: Scene['tokenNow'];
let verify: Scene['verify'];
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('tina', ['TOKEN_ADMIN', 'SUPER_ADMIN']);
  ({ fresh, imported, jobNow, start, tokenNow, verify } = importScene(api, admin));
});
afterAll(() => api.close());

describe('a file of the stock', () => {
  it('becomes tokens without owners whose codes count for nothing', async () => {
    const given = fresh(3);
    const job = await imported(await sdtid(given));
    expect(job).toMatchObject({
      state: 'SUCCEEDED',
      total: 3,
      done: 3,
      skipped: 0,
      failed: 0,
      counts: { new: 3 },
      message: '3 tokens imported.',
    });
    const { serialNumber, seed } = given[0]!;
    expect(await tokenNow(serialNumber)).toMatchObject({ status: 'UNASSIGNED', onDevice: false });
    const bob = await api.person('bob');
    const { id } = await tokenNow(serialNumber);
    await act(admin, 'assignTokens', { userId: `User_${bob.id}`, tokenIds: [id] });
    expect(await tokenNow(serialNumber)).toMatchObject({ status: 'ASSIGNED' });
    expect(await verify(serialNumber, seed)).toBe('REJECTED');
    const log = await api.deps.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.serialNumber, serialNumber));
    expect(log.map(({ action, actorName }) => [action, actorName])).toContainEqual([
      'token.imported',
      'tina',
    ]);
    expect(JSON.stringify(log)).not.toContain(Buffer.from(seed).toString('base64'));
  });

  it('a second time is known as the same, and changes nothing', async () => {
    const given = fresh(2);
    await imported(await sdtid(given));
    const again = await imported(await sdtid([...given, fresh(1)[0]!]));
    expect(again).toMatchObject({ done: 1, skipped: 2, counts: { new: 1, identical: 2 } });
    expect(again.rows.nodes).toMatchObject([{ code: 'row.identical' }, { code: 'row.identical' }]);
  });

  it('leaves out what expired, and what comes twice', async () => {
    const [one, two] = fresh(2) as [never, never];
    const job = await imported(
      await sdtid([one, { ...(two as object), expiresOn: '2020-01-01' } as never, one]),
    );
    expect(job).toMatchObject({ done: 1, skipped: 2, counts: { new: 1, expired: 1 } });
    expect(job.rows.nodes.map(({ code }: never) => code)).toEqual(['row.expired', 'row.twice']);
  });
});

describe('a dry run', () => {
  it('says what would be, changes nothing, and leaves the upload', async () => {
    const known = fresh(2);
    await imported(await sdtid(known));
    const other = { ...known[1]!, seed: new Uint8Array(16).fill(9) };
    const [added] = fresh(1);
    const file = await sdtid([known[0]!, other, added!]);
    const { fileId, answer } = await start(file, { dryRun: true });
    await api.work();
    const job = await jobNow(answer.job.id);
    expect(job).toMatchObject({ state: 'SUCCEEDED', dryRun: true, done: 1, skipped: 2 });
    expect(job.message).toBe('A dry run: 1 token would be imported.');
    expect(job.counts).toEqual(
      expect.arrayContaining([
        { name: 'identical', number: 1 },
        { name: 'otherSeed', number: 1 },
        { name: 'new', number: 1 },
      ]),
    );
    expect(await tokenNow(added!.serialNumber)).toBeNull();
    const real = await act(admin, 'importTokens', { fileId }, JOB);
    await api.work();
    expect(await jobNow(real.job.id)).toMatchObject({ state: 'SUCCEEDED', done: 1 });
    expect(await act(admin, 'importTokens', { fileId }, JOB)).toMatchObject({ code: 'file.not_found' });
  });
});

describe('tokens that are on devices already', () => {
  it('are ACTIVE as soon as they are assigned, and go with their owner of the file', async () => {
    const anna = await api.person('anna');
    const [hers, nobodys, unknown] = fresh(3);
    const job = await imported(
      await sdtid([{ ...hers!, userName: 'ANNA' }, nobodys!, { ...unknown!, userName: 'nemo' }]),
      { seedsInUse: true },
    );
    expect(job).toMatchObject({ done: 3, counts: { new: 3, assigned: 1, withoutOwner: 1 } });
    expect(job.rows.nodes).toMatchObject([{ outcome: 'NOTED', code: 'owner.unknown' }]);
    expect(await tokenNow(hers!.serialNumber)).toMatchObject({
      status: 'ACTIVE',
      onDevice: true,
      assignedTo: { userName: 'anna' },
    });
    expect(await verify(hers!.serialNumber, hers!.seed)).toBe('ACCEPTED');
    expect(await tokenNow(nobodys!.serialNumber)).toMatchObject({ status: 'UNASSIGNED' });
    expect(await verify(nobodys!.serialNumber, nobodys!.seed)).toBe('REJECTED');
    const { id } = await tokenNow(nobodys!.serialNumber);
    const userId = `User_${anna.id}`;
    await act(admin, 'assignTokens', { userId, tokenIds: [id] });
    api.clock.advance(60);
    expect(await verify(nobodys!.serialNumber, nobodys!.seed)).toBe('ACCEPTED');
    // The device goes on to the next one, with its seed.
    await act(admin, 'unassignTokens', { tokenIds: [id] });
    await act(admin, 'assignTokens', { userId, tokenIds: [id] });
    expect(await tokenNow(nobodys!.serialNumber)).toMatchObject({ status: 'ACTIVE' });
  });

  it('with a PIN are kept and shown, and open nothing without it', async () => {
    const carl = await api.person('carl');
    const [pinpad] = fresh(1);
    await imported(await sdtid([{ ...pinpad!, pinStyle: 'PINPAD', userName: 'carl' }]), { seedsInUse: true });
    expect(await tokenNow(pinpad!.serialNumber)).toMatchObject({
      status: 'ACTIVE',
      pinStyle: 'PINPAD',
      assignedTo: { userName: carl.userName },
    });
    expect(await verify(pinpad!.serialNumber, pinpad!.seed)).toBe('REJECTED');
  });

  it('are no more than a user may have, and never one’s own or those of somebody with more rights', async () => {
    const dora = await api.person('dora');
    const given = fresh(6);
    const job = await imported(
      await sdtid([
        ...given.slice(0, 4).map((one) => ({ ...one, userName: dora.userName })),
        { ...given[4]!, userName: admin.userName },
      ]),
      { seedsInUse: true },
    );
    expect(job.counts).toMatchObject({ assigned: 3, withoutOwner: 2 });
    expect(job.rows.nodes.map(({ code }: never) => code)).toEqual(['owner.token_limit', 'user.is_yourself']);
  });

  it('are not given to requests', async () => {
    const { data } = await admin.graphql('{ attention { freeTokens } }');
    await imported(await sdtid(fresh(2)), { seedsInUse: true });
    expect((await admin.graphql('{ attention { freeTokens } }')).data).toEqual(data);
  });
});

describe('tokens of another system', () => {
  it('are shown on their owner’s page, count for nothing and open nothing', async () => {
    const elsa = await api.person('elsa');
    const given = fresh(4).map((one) => ({ ...one, userName: 'elsa' }));
    const job = await imported(await sdtid(given), { managedElsewhere: true });
    expect(job.counts).toMatchObject({ new: 4, assigned: 4 });
    expect(await tokenNow(given[0]!.serialNumber)).toMatchObject({
      status: 'ASSIGNED',
      managedElsewhere: true,
    });
    expect(await verify(given[0]!.serialNumber, given[0]!.seed)).toBe('REJECTED');
    const rows = await api.deps.db
      .select()
      .from(tokenSeeds)
      .innerJoin(tokens, eq(tokens.id, tokenSeeds.tokenId))
      .where(eq(tokens.ownerId, elsa.id));
    expect(rows).toEqual([]);
    const both = await start(await sdtid(fresh(1)), { managedElsewhere: true, seedsInUse: true });
    expect(both.answer).toMatchObject({ __typename: 'InvalidInput' });
  });
});

describe('a token that is here with another seed', () => {
  const other = (one: TokenRecord) => ({ ...one, seed: new Uint8Array(16).fill(77) });

  it('stays, or is overwritten; one that is somebody’s only by a second choice, an administrator’s never', async () => {
    const frida = await api.person('frida');
    const boss = await api.person('boss', ['HELP_DESK']);
    const [free, hers, chief] = fresh(3);
    await imported(await sdtid([free!, { ...hers!, userName: 'frida' }, { ...chief!, userName: 'boss' }]), {
      seedsInUse: true,
    });
    const file = await sdtid([free!, hers!, chief!].map(other));
    expect((await imported(file, { seedsInUse: true })).counts).toEqual({ otherSeed: 3 });
    const careful = await imported(file, { seedsInUse: true, onDuplicate: 'OVERWRITE' });
    // A token on a device works as soon as it has an owner, so it counts as in use.
    expect(careful.counts).toEqual({ otherSeed: 3 });
    expect(careful.rows.nodes.map(({ code }: never) => code)).toEqual([
      'row.assigned',
      'row.assigned',
      'row.administrator',
    ]);
    const bold = await imported(file, {
      seedsInUse: true,
      onDuplicate: 'OVERWRITE',
      overwriteAssigned: true,
    });
    expect(bold.counts).toEqual({ overwritten: 2, otherSeed: 1 });
    expect(await tokenNow(hers!.serialNumber)).toMatchObject({ status: 'UNASSIGNED', assignedTo: null });
    expect(await tokenNow(chief!.serialNumber)).toMatchObject({ assignedTo: { userName: boss.userName } });
    expect(await verify(chief!.serialNumber, chief!.seed)).toBe('ACCEPTED');
    const { id } = await tokenNow(hers!.serialNumber);
    await act(admin, 'assignTokens', { userId: `User_${frida.id}`, tokenIds: [id] });
    expect(await verify(hers!.serialNumber, hers!.seed), 'the former seed').toBe('REJECTED');
    expect(await verify(hers!.serialNumber, other(hers!).seed)).toBe('ACCEPTED');
  });

  it('of the stock is overwritten by the first choice', async () => {
    const [one] = fresh(1);
    await imported(await sdtid([one!]));
    expect((await imported(await sdtid([other(one!)]), { onDuplicate: 'OVERWRITE' })).counts).toEqual({
      overwritten: 1,
    });
  });
});

describe('a bad row', () => {
  const broken = async (count: number, at: number) => {
    const given = fresh(count);
    const file = await sdtid(given);
    const { serialNumber } = given[at]!;
    const place = file.indexOf('<TokenMAC>', file.indexOf(`<SN>${serialNumber}</SN>`)) + '<TokenMAC>'.length;
    const letter = file[place] === 'A' ? 'B' : 'A';
    return { given, serialNumber, file: file.slice(0, place) + letter + file.slice(place + 1) };
  };

  it('refuses the file at once when it is small, says where, and the upload is gone', async () => {
    const { file, serialNumber, given } = await broken(3, 1);
    const { answer, fileId } = await start(file);
    expect(answer).toMatchObject({ __typename: 'BadFile', code: 'row.damaged' });
    const { data } = await admin.graphql(
      `mutation ($fileId: ID!) { importTokens(input: { fileId: $fileId }) { __typename ... on UserError { code } } }`,
      { fileId },
    );
    expect(data.importTokens).toEqual({ __typename: 'NotFound', code: 'file.not_found' });
    const again = await upload(api.url, admin, file);
    const told = await admin.graphql(
      `mutation ($fileId: ID!) { importTokens(input: { fileId: $fileId }) {
        ... on BadFile { message line serialNumber } } }`,
      { fileId: again.id },
    );
    expect(told.data.importTokens).toMatchObject({ serialNumber, line: expect.any(Number) });
    expect(told.data.importTokens.message).toContain(serialNumber);
    expect(await tokenNow(given[0]!.serialNumber)).toBeNull();
    expect((await admin.graphql('{ uploads { id } }')).data.uploads).not.toContainEqual({ id: again.id });
  });

  it('is left out when that was asked for', async () => {
    const { file, serialNumber } = await broken(3, 1);
    const job = await imported(file, { onBadRow: 'SKIP_ROW' });
    expect(job).toMatchObject({ state: 'SUCCEEDED', done: 2, failed: 1 });
    expect(job.rows.nodes).toMatchObject([{ outcome: 'FAILED', code: 'row.damaged', serialNumber }]);
  });

  it('among very many means that nothing is imported', async () => {
    const { file, serialNumber, given } = await broken(15_000, 14_990);
    const { answer } = await start(file);
    expect(answer.job).toMatchObject({ state: 'QUEUED' });
    await api.work();
    const job = await jobNow(answer.job.id);
    expect(job).toMatchObject({ state: 'FAILED', done: 0, failed: 1 });
    expect(job.message).toContain(`serial number ${serialNumber}`);
    expect(job.message).toContain('Nothing was imported.');
    expect(await tokenNow(given[0]!.serialNumber)).toBeNull();
    expect(await act(admin, 'retryJob', { jobId: answer.job.id }, 'job { state }')).toMatchObject({
      code: 'file.gone',
    });
  }, 60_000);
});
