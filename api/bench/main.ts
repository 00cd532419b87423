import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { migrate } from '../src/db/migrate.ts';
import { createTestDatabase, startTestCluster } from '../test/postgres.ts';
import { signIn, startTestApi, testMasterKey } from '../test/kit.ts';
import { benchActivations } from './activations.ts';
import { benchImport, benchReaders } from './imports.ts';
import { benchPasscodes } from './passcodes.ts';
import type { Comparison } from './rounds.ts';
import { program } from './scene.ts';
import { benchTokenList } from './token-list.ts';

const ROUNDS = 5;
const [API_PORT, BARE_PORT] = ['14731', '14732'];
const durable = { fsync: 'on', synchronous_commit: 'on', max_connections: '200' };

const ready = async (port: number) => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;

/** Measures, prints, and writes `docs/benchmarks.md`. The numbers of a machine say little; the ratios say more. */
async function bench(): Promise<Comparison[]> {
  const stopCluster = await startTestCluster(migrate, durable);
  const database = await createTestDatabase();
  const api = await startTestApi(database);
  const env = { DATABASE_URL: database.url, NODE_ENV: 'production', SYMBOLON_MASTER_KEY: testMasterKey };
  const stopServer = await program('../src/main.ts', { ...env, PORT: API_PORT }, ready);
  const stopBare = await program('./bare-list-server.ts', { ...env, PORT: BARE_PORT }, ready);
  const url = `http://127.0.0.1:${API_PORT}`;
  try {
    const comparisons: Comparison[] = [];
    for (const dialect of ['RSA', 'RFC'] as const) {
      comparisons.push(
        await benchActivations(api, url, database.url, { dialect, rounds: ROUNDS, size: 200 }),
      );
    }
    for (const algorithm of ['SECURID', 'TOTP'] as const) {
      comparisons.push(await benchPasscodes(api, database.url, { algorithm, rounds: ROUNDS, size: 400 }));
    }
    // The server's public URL is that of its own port; the sessions are the database's.
    const origin = `http://localhost:${API_PORT}`;
    const cookies: string[] = [];
    for (let at = 1; at <= 8; at += 1) {
      await api.person(`lister${at}`, ['TOKEN_ADMIN']);
      cookies.push(await signIn(url, `lister${at}`, 'test-only-password', origin));
    }
    const list = await benchTokenList({ url, cookies, origin }, `http://127.0.0.1:${BARE_PORT}`, {
      rounds: ROUNDS,
      size: 400,
    });
    comparisons.push(...(await benchReaders({ rounds: ROUNDS, size: 10_000 })));
    const importer = await api.person('importer', ['TOKEN_ADMIN']);
    comparisons.push(await benchImport(api, importer, database.url, { rounds: ROUNDS, size: 5000 }));
    return [...comparisons, list];
  } finally {
    await stopServer();
    await stopBare();
    await api.close();
    await stopCluster();
  }
}

function report(comparisons: Comparison[]): string {
  const rows = comparisons.map(
    ({ title, product, floor, ratio, aim }) =>
      `| ${title} | ${product.toFixed(0)}/s | ${floor.toFixed(0)}/s | **${ratio.toFixed(2)}** | ${aim} |`,
  );
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `# Benchmarks

Made by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores, ${gigabytes} GB, Node ${process.versions.node}, PostgreSQL with fsync and
synchronous_commit on, everything on one machine. Product and floor take turns; the figures are medians of ${ROUNDS} rounds,
the ratio is the median of the rounds' ratios. The numbers of a machine say little, the ratios say more.

| what | Symbolon | floor | ratio | aim |
|---|---|---|---|---|
${rows.join('\n')}

${comparisons.map(({ title, text }) => `* **${title}**: ${text}.`).join('\n')}
`;
}

const text = report(await bench());
process.stdout.write(`\n${text}`);
writeFileSync(new URL('../../docs/benchmarks.md', import.meta.url), text);
