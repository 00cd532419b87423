import { createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { sql as raw } from 'drizzle-orm';
import postgres from 'postgres';
import { readPskc } from '@symbolon/token-files/pskc/read-pskc';
import { writePskc } from '@symbolon/token-files/pskc/write-pskc';
import { readSdtid } from '@symbolon/token-files/sdtid/read-sdtid';
import type { FileRow, TokenRecord } from '@symbolon/token-files/token-record';
import { act } from '../test/act.ts';
import { sdtid } from '../test/token-file.ts';
import { upload } from '../test/upload.ts';
import type { Person, TestApi } from '../test/kit.ts';
import { type Comparison, compare } from './rounds.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));
let last = 700_000_000_000;
const records = (count: number, more: Partial<TokenRecord>): TokenRecord[] =>
  Array.from({ length: count }, () => ({
    serialNumber: String((last += 1)),
    algorithm: 'SECURID' as const,
    seed: random(16),
    digits: 8 as const,
    intervalSeconds: 60,
    pinStyle: 'NONE' as const,
    expiresOn: '2035-12-31',
    ...more,
  }));

async function countRows(rows: AsyncIterable<FileRow>): Promise<number> {
  let tokens = 0;
  for await (const { kind } of rows) if (kind === 'token') tokens += 1;
  return tokens;
}

async function pskc(tokens: readonly TokenRecord[]): Promise<Buffer> {
  const pieces: string[] = [];
  const encryption = { kind: 'key', key: Buffer.alloc(16, 1), name: 'bench' } as const;
  for await (const piece of writePskc(tokens, { encryption, randomBytes: random })) pieces.push(piece);
  return Buffer.from(pieces.join(''));
}

const seconds = async (work: () => unknown): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

/** Tokens a second that readers take from a file in memory, against the bare cryptography of as many. */
export async function benchReaders({
  rounds,
  size,
}: {
  rounds: number;
  size: number;
}): Promise<Comparison[]> {
  const securid = Buffer.from(await sdtid(records(size, {})));
  const totp = await pskc(
    records(size, {
      algorithm: 'TOTP',
      seed: random(20),
      digits: 6,
      intervalSeconds: 30,
      hashAlgorithm: 'SHA1',
    }),
  );
  const [key, iv, block] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2), Buffer.alloc(32, 3)];
  const aes = (times: number) => {
    for (let at = 0; at < times; at += 1)
      createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false).update(block);
  };
  const hmac = (times: number) => {
    for (let at = 0; at < times; at += 1) createHmac('sha1', key).update(block).digest();
  };
  return [
    await compare(
      {
        title: 'Reading SDTID',
        text: 'tokens of a batch in memory, both MACs verified, seeds decrypted; against two AES operations of Node a token',
        aim: 'none set',
      },
      rounds,
      async () => size / (await seconds(() => countRows(readSdtid([securid], {})))),
      async () => size / (await seconds(() => aes(size * 2))),
    ),
    await compare(
      {
        title: 'Reading PSKC',
        text: 'TOTP tokens under a shared AES-128 key with MACs; against one AES and one HMAC operation of Node a token',
        aim: 'none set',
      },
      rounds,
      async () => size / (await seconds(() => countRows(readPskc([totp], { key })))),
      async () =>
        size /
        (await seconds(() => {
          aes(size);
          hmac(size);
        })),
    ),
  ];
}

/** Tokens a second from an upload into the stock, as a job, against COPY of rows as wide and many into tables of their own. */
export async function benchImport(
  api: TestApi,
  admin: Person,
  databaseUrl: string,
  { rounds, size }: { rounds: number; size: number },
): Promise<Comparison> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  for (const table of ['tokens', 'token_seeds', 'audit_events'])
    await api.deps.db.execute(
      raw.raw(
        `CREATE TABLE IF NOT EXISTS bench_${table} (LIKE ${table} INCLUDING DEFAULTS INCLUDING INDEXES)`,
      ),
    );
  const comparison = await compare(
    {
      title: 'Importing SDTID',
      text: 'a job from the upload on: read twice, seeds sealed, tokens, seeds and audit rows in batches with progress; against COPY of the same rows between tables with the same indexes, through one statement each',
      aim: 'none set',
    },
    rounds,
    async () => {
      const { id } = await upload(api.url, admin, await sdtid(records(size, {})));
      const taken = await seconds(async () => {
        const { job } = await act(admin, 'importTokens', { fileId: id }, 'job { id }');
        if (!job) throw new Error('The import did not begin.');
        await api.work();
      });
      return size / taken;
    },
    async () => {
      for (const table of ['tokens', 'token_seeds', 'audit_events'])
        await sql.unsafe(`TRUNCATE bench_${table}`);
      const rows: Record<string, Buffer[]> = {};
      for (const table of ['tokens', 'token_seeds', 'audit_events']) {
        const out = await sql.unsafe(`COPY (SELECT * FROM ${table} LIMIT ${size}) TO STDOUT`).readable();
        rows[table] = [];
        for await (const chunk of out) rows[table].push(chunk as Buffer);
      }
      const taken = await seconds(async () => {
        for (const [table, chunks] of Object.entries(rows)) {
          const into = await sql.unsafe(`COPY bench_${table} FROM STDIN`).writable();
          for (const chunk of chunks) into.write(chunk);
          const done = new Promise((resolve, reject) => into.once('finish', resolve).once('error', reject));
          into.end();
          await done;
        }
      });
      return size / taken;
    },
  );
  await sql.end();
  return comparison;
}
