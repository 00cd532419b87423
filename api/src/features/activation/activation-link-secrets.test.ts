import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { graphql, ORIGIN, type Person, testMasterKey } from '../../../test/kit.ts';
import { linkScene, open, otherNumber, send, ticketIn } from '../../../test/link-scene.ts';
import { type MailScene, nobody, startMailScene } from '../../../test/mail-scene.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

let scene: MailScene;
let links: Awaited<ReturnType<typeof linkScene>>;
let child: ChildProcess | undefined;
beforeAll(async () => {
  scene = await startMailScene();
  links = await linkScene(scene);
});
afterEach(async () => {
  if (!child) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
  child = undefined;
});
afterAll(() => scene.close());

/** All rows of all tables, with whatever is in their columns; octets are read as hex. */
async function allRows(): Promise<{ table: string; row: string }[]> {
  const { db } = scene.api.deps;
  const tables = await db.execute<{ schema: string; name: string }>(
    sql`SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const found: { table: string; row: string }[] = [];
  for (const { schema, name } of tables) {
    const rows = await db.execute<{ row: string }>(
      sql`SELECT t::text AS row FROM ${sql.identifier(schema)}.${sql.identifier(name)} t`,
    );
    found.push(...rows.map(({ row }) => ({ table: name, row })));
  }
  return found;
}

/** The tables in which one of these stands. */
const tablesWith = (rows: { table: string; row: string }[], ...needles: string[]): string[] => [
  ...new Set(
    rows.filter(({ row }) => needles.some((needle) => row.includes(needle))).map(({ table }) => table),
  ),
];

/** A secret as it is, and as its octets would be seen in a table. */
const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret, 'base64url').toString('hex'),
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The whole program on this test's database, with a log that leaves nothing out. Answers what it says. */
async function startProgram(): Promise<{ url: string; output(): string }> {
  const port = await freePort();
  child = spawn(process.execPath, [MAIN, 'start'], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      PORT: String(port),
      SYMBOLON_PUBLIC_URL: ORIGIN,
      DATABASE_URL: scene.api.databaseUrl,
      SYMBOLON_MASTER_KEY: testMasterKey,
      SMTP_URL: scene.server.url,
      LOG_LEVEL: 'trace',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await vi.waitFor(() => expect(output).toContain('Symbolon is ready'), 30_000);
  return { url: `http://127.0.0.1:${port}`, output: () => output };
}

it('the ticket and the code lie in no table, neither before the mail leaves nor after it was opened', async () => {
  const { owner, tokenId } = await links.waiting();
  await send(owner, tokenId);
  // It fails once, so that there is a last error and a job that waits.
  scene.server.refuse(450);
  await scene.api.work();
  scene.server.refuse(undefined);
  await scene.jobs();
  const before = await allRows();
  expect(tablesWith(before, 'o•••@example.org', '450 '), 'the search finds what is there').toEqual(
    expect.arrayContaining(['activations', 'mails', '_private_jobs', 'audit_events']),
  );
  await scene.dueNow();
  const ticket = ticketIn((await scene.arrived())[0]);
  const sent = await allRows();
  const { link } = await open(owner, { ticket });
  const code = /activationCode=(\d{12})/.exec(link)![1]!;
  for (const rows of [before, sent, await allRows()]) {
    expect(tablesWith(rows, ...formsOf(ticket), ...formsOf(code))).toEqual([]);
  }
});

it('the outbox shows the mail with the link masked, to administrators, too', async () => {
  const { ticket, address } = await links.mailed();
  const admin = await scene.person('admin', ['SUPER_ADMIN']);
  const { data } = await admin.graphql(
    'query ($search: String!) { mails(filter: { search: $search, event: [ACTIVATION_LINK] }) { nodes { subject text state } } }',
    { search: address },
  );
  expect(data.mails.nodes).toMatchObject([{ state: 'SENT', text: expect.stringContaining('••••••') }]);
  expect(JSON.stringify(data)).not.toContain(ticket);
});

it('the ticket, the code and the number are not in the log of the program, however much it says', async () => {
  const made = await links.waiting();
  const { url, output } = await startProgram();
  const owner: Person = {
    ...made.owner,
    graphql: (document, variables) => graphql(url, made.owner.cookie, document, variables),
  };
  const { number } = await send(owner, made.tokenId);
  const mail = await vi.waitFor(() => {
    const newest = scene.server.newestTo(made.address);
    if (!newest?.text?.includes('/activate#')) throw new Error('not yet');
    return newest;
  }, 20_000);
  const ticket = ticketIn(mail);
  await fetch(`${url}/activate/${ticket}`);
  const anybody = nobody({ url });
  await open(anybody, { ticket, number: otherNumber(number) });
  await open(anybody, { ticket: `${ticket}x`, number });
  const { link } = await open(anybody, { ticket, number });
  const code = /activationCode=(\d{12})/.exec(link)![1]!;
  await open(anybody, { ticket, number });

  // A mail that is given up writes a line of its own.
  scene.server.refuse(550);
  const again = await send(owner, made.tokenId);
  await vi.waitFor(() => expect(output()).toContain('A mail was given up'), 20_000);
  scene.server.refuse(undefined);
  expect(output()).toContain('send_mail');
  for (const secret of [ticket, code]) expect(output()).not.toContain(secret);
  for (const digits of [number, again.number]) expect(output()).not.toMatch(new RegExp(`\\b${digits}\\b`));
});
