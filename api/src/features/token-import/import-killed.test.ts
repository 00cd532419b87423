import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { count, eq, like, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { recordOf, sdtid } from '../../../test/token-file.ts';
import { upload } from '../../../test/upload.ts';
import { startWorker } from '../../../test/worker.ts';
import { auditEvents } from '../audit/table.ts';
import { jobs } from '../jobs/table.ts';
import { tokenSeeds, tokens } from '../tokens/table.ts';

const TOKENS = 12_000;
const KILLS = 10;

let api: TestApi;
let admin: Person;
let worker: ChildProcess | undefined;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('tina', ['TOKEN_ADMIN']);
});
afterAll(async () => {
  worker?.kill('SIGKILL');
  await api.close();
});

/** A killed process holds its job for half a minute, until another one is sure of it; the test does not wait so long. */
const freeNow = () =>
  api.deps.db.execute(sql`SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT locked_by))
    FROM graphile_worker.jobs WHERE locked_by IS NOT NULL HAVING count(*) > 0`);
const positionOf = async (id: string) => (await api.deps.db.select().from(jobs).where(eq(jobs.id, id)))[0]!;

it(`kill -9 in the middle of an import, ${KILLS} times: every token exactly once`, async () => {
  const given = Array.from({ length: TOKENS }, (_, at) => recordOf(at + 1));
  const { id } = await upload(api.url, admin, await sdtid(given));
  const { job } = await act(admin, 'importTokens', { fileId: id, seedsInUse: true }, 'job { id }');
  const jobId = job.id.slice('Job_'.length);
  const positions = new Set<number>();
  for (let killed = 0; killed < KILLS; killed += 1) {
    worker = startWorker(api.databaseUrl);
    const before = (await positionOf(jobId)).position;
    // Killed in the middle of a batch, some of them at once after one was committed.
    for (let tries = 0; tries < 2000; tries += 1) {
      const { position, state } = await positionOf(jobId);
      if (position > before || state === 'SUCCEEDED') break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await new Promise((resolve) => setTimeout(resolve, killed * 13));
    const gone = once(worker, 'exit');
    worker.kill('SIGKILL');
    await gone;
    await freeNow();
    positions.add((await positionOf(jobId)).position);
  }
  expect(positions.size, 'it was killed at different places').toBeGreaterThan(KILLS / 2);
  expect((await positionOf(jobId)).state, 'and never at the end').toBe('RUNNING');
  worker = startWorker(api.databaseUrl);
  await expect.poll(async () => (await positionOf(jobId)).state, { timeout: 60_000 }).toBe('SUCCEEDED');

  const done = await positionOf(jobId);
  expect(done).toMatchObject({ total: TOKENS, position: TOKENS, done: TOKENS, skipped: 0, failed: 0 });
  expect(done.counts).toEqual({ new: TOKENS });
  const numberOf = async (table: typeof tokens | typeof tokenSeeds) =>
    (await api.deps.db.select({ number: count() }).from(table))[0]!.number;
  expect(await numberOf(tokens)).toBe(TOKENS);
  expect(await numberOf(tokenSeeds)).toBe(TOKENS);
  const [logged] = await api.deps.db
    .select({ number: count(), different: sql<number>`count(DISTINCT serial_number)::int` })
    .from(auditEvents)
    .where(like(auditEvents.action, 'token.imported'));
  expect(logged).toEqual({ number: TOKENS, different: TOKENS });
}, 180_000);
