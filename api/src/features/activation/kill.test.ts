import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { finishRsaClient } from '@symbolon/ct-kip/rsa-client';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { codeOf, firstPass, post } from '../../../test/phone.ts';
import { profiles, START, tokensFor, VERIFY } from '../../../test/scene.ts';
import { auditEvents } from '../audit/table.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { distributions } from '../distribution/table.ts';
import { tokenSeeds } from '../tokens/table.ts';
import { activations, ctKipSessions } from './table.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const KILLED = 'symbolon-to-be-killed';
const ROUNDS = 7;

let api: TestApi;
let profileId: string;
let port: number;
let child: ChildProcess | undefined;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  profileId = (await profiles(api)).qr.id;
  await api.person('somebody-signed-in');
  port = await freePort();
});
afterEach(() => kill());
afterAll(() => api.close());

const url = () => `http://127.0.0.1:${port}`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return address.port;
}

/** `npm run serve`, as a process of its own on the database and under the master key of this test. */
async function serve(): Promise<void> {
  const databaseUrl = new URL(api.databaseUrl);
  databaseUrl.searchParams.set('application_name', KILLED);
  child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      PORT: String(port),
      DATABASE_URL: databaseUrl.href,
      SYMBOLON_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  for (let tries = 0; !output.includes('Symbolon is ready'); tries += 1) {
    if (child.exitCode !== null || tries > 1500) throw new Error(`It does not start: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** kill -9, and waits until Postgres, too, has done with what the process had sent. */
async function kill(): Promise<void> {
  if (!child) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  child = undefined;
  for (;;) {
    const [left] = await api.deps.db.execute(
      sql`SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = ${KILLED}`,
    );
    if (left!['count'] === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function waiting() {
  const owner = await api.person(`owner${++names}`);
  const [token] = await tokensFor(api, owner.id);
  await distributeToken(api.system, { tokenId: token!.id, profileId });
  const { data } = await owner.graphql(START, { tokenId: `Token_${token!.id}` });
  const { activation, link } = data.startActivation as { activation: { id: string }; link: string };
  return { owner, token: token!, activationId: activation.id.slice('Activation_'.length), link };
}
type Scene = Awaited<ReturnType<typeof waiting>>;

/** Everything that the second pass writes, which must be there together or not at all. */
async function written({ token, activationId }: Scene) {
  const { db } = api.deps;
  const seeds = await db.select().from(tokenSeeds).where(eq(tokenSeeds.tokenId, token.id));
  const [activation] = await db.select().from(activations).where(eq(activations.id, activationId));
  const sessions = await db.select().from(ctKipSessions).where(eq(ctKipSessions.activationId, activationId));
  const [distribution] = await db.select().from(distributions).where(eq(distributions.tokenId, token.id));
  const events = await db.select().from(auditEvents).where(eq(auditEvents.tokenId, token.id));
  return {
    seeds: seeds.length,
    activated: activation!.state === 'ACTIVATED' ? 1 : 0,
    finished: sessions.filter(({ finishedAt, finishReply }) => finishedAt && finishReply).length,
    distributed: distribution!.state === 'ACTIVATED' ? 1 : 0,
    audited: events.filter(({ action }) => action === 'activation.activated').length,
  };
}
const all = (count: 0 | 1) => ({
  seeds: count,
  activated: count,
  finished: count,
  distributed: count,
  audited: count,
});
const accepted = async (owner: Person, serialNumber: string, passcode: string) =>
  (await owner.graphql(VERIFY, { serialNumber, passcode })).data.verifyPasscode.outcome;

describe('kill -9', () => {
  it('between the passes costs nothing: the second pass works after the start', async () => {
    await serve();
    const scene = await waiting();
    const { state, request } = await firstPass(url(), scene.link);
    await kill();
    expect(await written(scene)).toEqual(all(0));
    await serve();
    const phone = finishRsaClient(state, await post(url(), request));
    expect(await written(scene)).toEqual(all(1));
    const code = codeOf(phone, api.clock.now());
    expect(await accepted(scene.owner, scene.token.serialNumber, code)).toBe('ACCEPTED');
  });

  it('after the commit costs nothing: the phone asks again and gets its answer', async () => {
    await serve();
    const scene = await waiting();
    const { state, request } = await firstPass(url(), scene.link);
    const lost = await post(url(), request);
    await kill();
    await serve();
    expect(await post(url(), request)).toBe(lost);
    expect(await written(scene)).toEqual(all(1));
    const code = codeOf(finishRsaClient(state, lost), api.clock.now());
    expect(await accepted(scene.owner, scene.token.serialNumber, code)).toBe('ACCEPTED');
  });

  it('at any moment of the second pass leaves a seed with all that belongs to it, or nothing', async () => {
    await serve();
    const seen = new Set<number>();
    // Each kill comes nearer to the commit: later than one that was too early, earlier than one that was too late.
    let delay = 10;
    for (let round = 0; round < ROUNDS; round += 1) {
      const scene = await waiting();
      // The connections of the fresh process are made before it counts.
      await firstPass(url(), scene.link);
      const { state, request } = await firstPass(url(), scene.link);
      const answer = post(url(), request).catch(() => 'the connection broke');
      await new Promise((resolve) => setTimeout(resolve, delay));
      await kill();
      const told = await answer;
      const found = await written(scene);
      seen.add(found.seeds);
      delay = found.seeds === 0 ? delay * 1.8 + 1 : delay / 1.8;
      expect(found).toEqual(all(found.seeds === 0 ? 0 : 1));
      // An answer leaves after the commit only.
      if (told.includes('ServerResponse')) expect(found).toEqual(all(1));
      await serve();
      const phone = finishRsaClient(state, await post(url(), request));
      expect(await written(scene)).toEqual(all(1));
      const code = codeOf(phone, api.clock.now());
      expect(await accepted(scene.owner, scene.token.serialNumber, code)).toBe('ACCEPTED');
    }
    // Were all kills early or all late, the test would show little.
    expect(seen).toEqual(new Set([0, 1]));
  }, 120_000);
});
