import fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../../test/kit.ts';
import { type HostilePost, hostilePost, type Material } from '../../../test/hostile-messages.ts';
import { firstPass, scan } from '../../../test/phone.ts';
import { firstPassRfc, helloOf, scanRfc } from '../../../test/rfc-phone.ts';
import { definitionId, START, tokensFor } from '../../../test/scene.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';

/** Messages in all; the seed that made them is printed, and FUZZ_SEED makes the same again. */
const MESSAGES = Number(process.env['FUZZ_RUNS'] ?? 20_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() & 0x7fffffff);
/** Messages in a minute of the test's clock: fewer than look like one that guesses, all addresses together. */
const BATCH = 250;
/** Of those at once on the wire. */
const AT_ONCE = 100;
const MOST_ANSWERED = 16 * 1024;

let api: TestApi;
let material: Material;
/** What no answer may hold: live and spent codes, other than one that the message itself brought, and seeds. */
let secrets: string[];

beforeAll(async () => {
  api = await startTestApi(undefined, { TRUSTED_PROXIES: '127.0.0.1' });
  const show = async (deviceType: string, name: string) => {
    const deviceDefinitionId = await definitionId(api, deviceType);
    const given = { name, deviceDefinitionId, deliveryMethod: 'CT_KIP_QR' } as const;
    const profile = await createTokenProfile(api.system, given);
    const links: string[] = [];
    for (const which of ['spent', 'running', 'open']) {
      const owner = await api.person(`${name}-${which}`);
      const [token] = await tokensFor(api, owner.id);
      await distributeToken(api.system, { tokenId: token!.id, profileId: profile.id });
      links.push((await owner.graphql(START, { tokenId: `Token_${token!.id}` })).data.startActivation.link);
    }
    return links as [string, string, string];
  };
  const rsa = await show('iOS 2.x', 'rsa');
  const rfc = await show('Symbolon Authenticator 1.x', 'rfc');
  const codeOf = (link: string) => /(?:activationCode|nonce)=([\w-]+)/.exec(link)![1]!;
  const spent = [await scan(api.url, rsa[0]), await scanRfc(api.url, rfc[0])];
  const rsaRun = await firstPass(api.url, rsa[1]);
  const rfcRun = await firstPassRfc(api.url, rfc[1]);
  const text = (body: Uint8Array) => Buffer.from(body).toString();
  const rsaNonce = text(rsaRun.request.body);
  material = {
    bodies: [
      text(helloOf(rfc[0]).request.body),
      text(helloOf(rfc[0], { clientInfo: new Uint8Array(40), device: { name: 'x' } }).request.body),
      // With a session that exists, but a nonce that nobody encrypted: an honest one would be served.
      text(rfcRun.request.body).replace(/(<EncryptedNonce>).{40}/, `$1${'A'.repeat(40)}`),
      rsaNonce.replace(/<AuthData>[^<]*/, `<AuthData>${codeOf(rsa[0])}`),
      rsaNonce.replace(/<AuthData>[^<]*/, '<AuthData>123456789012'),
    ],
    sessionIds: ['', 'x', '0'.repeat(34), rsaRun.state.session.sessionId],
    spentCodes: [codeOf(rsa[0]), codeOf(rfc[0])],
  };
  secrets = [
    ...[...rsa, ...rfc].map(codeOf),
    ...spent.map(({ seed }) => Buffer.from(seed).toString('base64')),
  ];
});
afterAll(() => api.close());

/** All that a phone may change by an honest run. Refusals are counted and written down, and five of them end a code. */
async function state() {
  const hash = async (table: string, row: string) => {
    const query = `SELECT md5(string_agg((${row})::text, ',' ORDER BY id)) AS hash FROM ${table} AS t`;
    return (await api.deps.db.execute(sql.raw(query)))[0];
  };
  return Promise.all([
    hash('tokens', 't'),
    hash('token_seeds', 't'),
    hash('distributions', 't'),
    hash('ct_kip_sessions', 't'),
    hash('activations', "id || (state IN ('ACTIVATED', 'CONFIRMED'))::text"),
  ]);
}

/** What is wrong about the answer to a message; undefined when nothing is. */
function judge({ status, text, body }: Answer): string | undefined {
  const isForeign = status === 500 && text.includes('not in the namespace of CT-KIP');
  if (![200, 400, 413].includes(status) && !isForeign) return 'status';
  if (text.length >= MOST_ANSWERED + body.length * 2) return 'length';
  if (/node:|node_modules|\/src\/|postgres|select |\bat \w+ \(|Error:/i.test(text))
    return 'tells of our code';
  if (secrets.some((secret) => !body.includes(secret) && text.includes(secret))) return 'tells a secret';
  return undefined;
}

type Answer = { status: number; text: string; body: string };

let sent = 0;
async function send({ path, body, headers }: HostilePost): Promise<Answer> {
  sent += 1;
  // From many addresses, as a swarm would.
  const from = `10.${sent & 0xff}.${(sent >> 8) & 0xff}.${sent % 251}`;
  const response = await fetch(api.url + path, {
    method: 'POST',
    headers: { ...headers, 'X-Forwarded-For': from },
    body,
  });
  return { status: response.status, text: await response.text(), body: body.toString('latin1') };
}

it(`${MESSAGES} hostile messages crash nothing, change nothing and learn nothing (FUZZ_SEED=${SEED})`, async () => {
  const before = await state();
  const batches = Math.ceil(MESSAGES / BATCH);
  const messages = fc.array(hostilePost(material), { minLength: BATCH, maxLength: BATCH });
  let at = 0;
  const seen = new Set<string>();
  const wrong: object[] = [];
  await fc.assert(
    fc.asyncProperty(messages, async (batch) => {
      const answers: Answer[] = [];
      for (let from = 0; from < BATCH; from += AT_ONCE) {
        answers.push(...(await Promise.all(batch.slice(from, from + AT_ONCE).map(send))));
      }
      // The next minute: what is tried here is not how guessing is slowed down.
      api.clock.advance(61);
      at += 1;
      for (const answer of answers) {
        const { status, text } = answer;
        const kind = /Status="(\w+)"/.exec(text)?.[1] ?? (text.includes('Fault>') ? 'fault' : '');
        seen.add(`${status} ${kind}`.trim());
        const fault = judge(answer);
        // One message, not the batch that fast-check would print.
        if (fault) wrong.push({ fault, ...answer });
      }
    }),
    { numRuns: batches, seed: SEED, endOnFailure: true },
  );
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(at).toBe(batches);
  // Every way of refusing was met, so the messages were not all refused at the door.
  expect([...seen].toSorted()).toEqual([
    '200 AccessDenied',
    '200 InitializationFailed',
    '200 MalformedRequest',
    '200 UnknownRequest',
    '200 fault',
    '400',
    '413',
    '500',
  ]);
  expect(await state()).toEqual(before);
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
}, 600_000);
