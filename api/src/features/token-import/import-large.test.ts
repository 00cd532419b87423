import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writePskc } from '@symbolon/token-files/pskc/write-pskc';
import { writeSdtid } from '@symbolon/token-files/sdtid/write-sdtid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { recordOf } from '../../../test/token-file.ts';
import { upload } from '../../../test/upload.ts';
import { startWorker } from '../../../test/worker.ts';

const TOKENS = 100_000;
const password = 'Sesame-42!';
const random = (length: number) => new Uint8Array(randomBytes(length));

const isLinux = process.platform === 'linux';
if (!isLinux) process.stderr.write('\n*** The memory of a large import is measured on Linux only ***\n\n');

let api: TestApi;
let admin: Person;
let worker: ChildProcess | undefined;
beforeEach(async () => {
  api = await startTestApi();
  admin = await api.person('tina', ['TOKEN_ADMIN']);
});
afterEach(async () => {
  worker?.kill('SIGKILL');
  await api.close();
});

const files = {
  SDTID: () =>
    writeSdtid(
      (function* () {
        for (let at = 1; at <= TOKENS; at += 1) yield recordOf(at, { userName: `user${at}` });
      })(),
      { password, randomBytes: random },
    ),
  PSKC: () =>
    writePskc(
      (function* () {
        for (let at = 1; at <= TOKENS; at += 1)
          yield recordOf(at, { algorithm: 'TOTP', digits: 6, intervalSeconds: 30, userName: `user${at}` });
      })(),
      { encryption: { kind: 'password', password }, randomBytes: random },
    ),
};

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return all.join('');
}

/** Most memory that a process has held so far, in MiB. */
const peakOf = ({ pid }: ChildProcess): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

it.skipIf(!isLinux).each(['SDTID', 'PSKC'] as const)(
  `${TOKENS} tokens of a locked %s file in under 400 MiB`,
  async (format) => {
    const { id } = await upload(api.url, admin, await joined(files[format]()));
    const { job } = await act(
      admin,
      'importTokens',
      { fileId: id, password, seedsInUse: true },
      'job { id }',
    );
    worker = startWorker(api.databaseUrl);
    const jobNow = async () =>
      (await admin.graphql('query ($id: ID!) { job(id: $id) { state done message } }', { id: job.id })).data
        .job;
    await expect
      .poll(async () => (await jobNow()).state, { timeout: 240_000, interval: 1000 })
      .not.toMatch(/QUEUED|RUNNING/);
    const peak = peakOf(worker);
    expect(await jobNow()).toMatchObject({ state: 'SUCCEEDED', done: TOKENS });
    expect(peak).toBeLessThan(400);
  },
  300_000,
);
