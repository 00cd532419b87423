import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { generateServerKey, openPrivateKey } from '@symbolon/ct-kip/server-key';
import { finishRsaClient } from '@symbolon/ct-kip/rsa-client';
import postgres from 'postgres';
import { serverKey } from '../src/features/activation/server-keys.ts';
import { createTokenProfile } from '../src/features/token-profiles/create-token-profile.ts';
import { distributeToken } from '../src/features/distribution/distribute-token.ts';
import { newId } from '../src/lib/random.ts';
import type { TestApi } from '../test/kit.ts';
import { firstPass, post } from '../test/phone.ts';
import { scanRfc } from '../test/rfc-phone.ts';
import { definitionId } from '../test/scene.ts';
import { compare, perSecond } from './rounds.ts';
import { ownersWithTokens } from './scene.ts';

const WIDTH = 8;

type Dialect = {
  title: string;
  deviceType: string;
  bits: 1024 | 2048;
  scan: (url: string, link: string) => Promise<unknown>;
};
const dialects: Record<'RSA' | 'RFC', Dialect> = {
  RSA: {
    title: 'Activations, dialect of RSA',
    deviceType: 'iOS 2.x',
    bits: 1024,
    scan: async (url, link) => {
      const { state, request } = await firstPass(url, link);
      return finishRsaClient(state, await post(url, request));
    },
  },
  RFC: {
    title: 'Activations, dialect of RFC 4758',
    deviceType: 'Symbolon Authenticator 1.x',
    bits: 2048,
    scan: scanRfc,
  },
};

/**
 * Activations a second over HTTP, both passes and the commit, by phones that do their own arithmetic in this process;
 * against as many RSA private operations and the same SQL with nothing around it.
 */
export async function benchActivations(
  api: TestApi,
  url: string,
  databaseUrl: string,
  { dialect, rounds, size }: { dialect: 'RSA' | 'RFC'; rounds: number; size: number },
) {
  const { title, deviceType, bits, scan } = dialects[dialect];
  const profile = await createTokenProfile(api.system, {
    name: deviceType,
    deviceDefinitionId: await definitionId(api, deviceType),
    deliveryMethod: 'CT_KIP_URL',
  });
  const prepare = async () => {
    const scenes = await ownersWithTokens(api, size);
    return Promise.all(
      scenes.map(async ({ owner, token }) => ({
        owner,
        token,
        ...(await distributeToken(api.system, { tokenId: token.id, profileId: profile.id })),
      })),
    );
  };
  // The product makes its key at first need, so that the floor finds one.
  await serverKey(api.deps.db, api.deps, { dialect, scheme: 'oaep', bits });
  const bare = await bareActivation(api, databaseUrl, dialect, bits);
  const comparison = await compare(
    {
      title,
      text: `CT-KIP over HTTP, both passes and the commit, 8 phones at a time; against one RSA private operation (${bits} bits) and the same SQL statements through postgres.js`,
      aim: 'none set',
    },
    rounds,
    async () => {
      const waiting = await prepare();
      return perSecond(waiting, WIDTH, ({ link }) => scan(url, link!));
    },
    async () => {
      const waiting = await prepare();
      return perSecond(waiting, WIDTH, bare.run);
    },
  );
  await bare.close();
  return comparison;
}

type Waiting = {
  owner: { id: string; userName: string };
  token: { id: string; serialNumber: string };
  distribution: { id: string };
};

/** The floor: the statements of an activation, and the one thing that must be computed. */
async function bareActivation(api: TestApi, databaseUrl: string, dialect: 'RSA' | 'RFC', bits: 1024 | 2048) {
  const sql = postgres(databaseUrl, { max: 10, onnotice: () => {} });
  const key = await generateServerKey(bits);
  const privateKey = openPrivateKey(key.privateKey);
  const oaep = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING };
  const encrypted = publicEncrypt({ ...oaep, key: privateKey as never }, Buffer.alloc(16, 1));
  const [serverKey] = await sql`SELECT id FROM ct_kip_server_keys WHERE dialect = ${dialect}`;
  const octets = Buffer.alloc(200, 7);
  const audit = (tx: typeof sql, action: string, { owner, token }: Waiting) => tx`
    INSERT INTO audit_events (at, action, outcome, target_user_id, target_user_name, token_id, serial_number, request_id, address, details)
    VALUES (now(), ${action}, 'DONE', ${owner.id}, ${owner.userName}, ${token.id}, ${token.serialNumber}, 'r', '::1', '{}')`;
  const find = (id: string) => sql`
    SELECT a.*, t.*, u.id, u.enabled, d.*, p.*, f.device_class FROM activations a
    JOIN tokens t ON t.id = a.token_id JOIN users u ON u.id = a.owner_id JOIN distributions d ON d.id = a.distribution_id
    JOIN token_profiles p ON p.id = d.profile_id JOIN device_definitions f ON f.id = p.device_definition_id
    WHERE a.distribution_id = ${id} ORDER BY a.created_at DESC LIMIT 1`;
  const counters = () => sql`SELECT * FROM attempt_counters WHERE key IN ('a', 'b')`;

  return {
    close: () => sql.end(),
    run: async (waiting: Waiting) => {
      const sessionId = newId(api.deps);
      await counters();
      const [found] = await find(waiting.distribution.id);
      const [activation] =
        await sql`SELECT id FROM activations WHERE distribution_id = ${waiting.distribution.id}`;
      await sql`SELECT * FROM ct_kip_server_keys WHERE id = ${serverKey!['id']}`;
      await sql.begin(async (tx) => {
        const bound = tx as unknown as typeof sql;
        await tx`UPDATE activations SET state = 'CONTACTED', session_started_at = now(), runs = runs + 1 WHERE id = ${activation!['id']} RETURNING runs`;
        await tx`INSERT INTO ct_kip_sessions (id, activation_id, dialect, server_key_id, server_nonce, started_at)
          VALUES (${sessionId}, ${activation!['id']}, ${dialect}, ${serverKey!['id']}, ${octets}, now())`;
        await audit(bound, 'activation.contacted', waiting);
        await tx`SELECT pg_notify('symbolon', '{}')`;
      });
      await counters();
      await find(waiting.distribution.id);
      await sql`SELECT * FROM ct_kip_sessions WHERE id = ${sessionId}`;
      privateDecrypt(oaep, encrypted);
      await sql.begin(async (tx) => {
        const bound = tx as unknown as typeof sql;
        await tx`SELECT id FROM tokens WHERE id = ${waiting.token.id} FOR UPDATE`;
        await tx`UPDATE activations a SET state = 'ACTIVATED', device = 'x' FROM tokens t JOIN users u ON u.id = t.owner_id
          WHERE a.id = ${activation!['id']} AND t.id = a.token_id AND u.enabled RETURNING a.id`;
        await tx`UPDATE ct_kip_sessions SET finished_at = now(), finish_request_hash = ${octets}, finish_reply = ${octets} WHERE id = ${sessionId} RETURNING id`;
        await tx`DELETE FROM token_seeds WHERE token_id = ${waiting.token.id} AND state = 'PROVISIONAL'`;
        await tx`INSERT INTO token_seeds (id, token_id, state, sealed_seed, tokencode_length, tokencode_interval, pin_style, confirmation, created_at)
          VALUES (${newId(api.deps)}, ${waiting.token.id}, 'PROVISIONAL', ${octets}, 8, 60, 'NONE', 'OWNER', now())`;
        await tx`UPDATE distributions SET state = 'ACTIVATED' WHERE id = ${waiting.distribution.id}`;
        await audit(bound, 'activation.activated', waiting);
        await tx`SELECT pg_notify('symbolon', '{}')`;
      });
      return found;
    },
  };
}
