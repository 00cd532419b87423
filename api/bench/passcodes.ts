import { securidTokencode } from '@symbolon/tokencode/securid';
import { totpCode } from '@symbolon/tokencode/totp';
import { sql as raw } from 'drizzle-orm';
import postgres from 'postgres';
import { verifyPasscode } from '../src/features/passcodes/verify-passcode.ts';
import { confirmSeed, addProvisionalSeed } from '../src/features/tokens/seeds.ts';
import { tokenSeeds } from '../src/features/tokens/table.ts';
import type { TestApi } from '../test/kit.ts';
import { compare, perSecond } from './rounds.ts';
import { ownersWithTokens } from './scene.ts';

const WIDTH = 8;

/** The action, right codes of many tokens, against its own statements with nothing around them. */
export async function benchPasscodes(
  api: TestApi,
  databaseUrl: string,
  { algorithm, rounds, size }: { algorithm: 'SECURID' | 'TOTP'; rounds: number; size: number },
) {
  const { deps, system } = api;
  const scenes = await ownersWithTokens(api, size, algorithm);
  const seed = new Uint8Array(16).fill(5);
  await Promise.all(
    scenes.map(({ token }) =>
      deps.db.transaction(async (tx) => {
        await addProvisionalSeed(tx, deps, {
          tokenId: token.id,
          seed,
          tokencodeLength: 8,
          tokencodeInterval: 60,
          hashAlgorithm: algorithm === 'TOTP' ? 'SHA1' : null,
          pinStyle: 'NONE',
          confirmation: 'OWNER',
          activationId: null,
          distributionId: null,
          device: null,
          deviceId: null,
        });
        const [row] = await tx.select().from(tokenSeeds).where(raw`${tokenSeeds.tokenId} = ${token.id}`);
        await confirmSeed(tx, row!, deps.clock.now());
      }),
    ),
  );
  const codeOf = (serialNumber: string, at: number) =>
    algorithm === 'TOTP'
      ? totpCode({ seed, digits: 8, intervalSeconds: 60, hashAlgorithm: 'SHA1', at })
      : securidTokencode({ seed, serialNumber, digits: 8, intervalSeconds: 60, at });
  const sql = postgres(databaseUrl, { max: 10, onnotice: () => {} });
  const bare = async ({ token, owner }: (typeof scenes)[number]) =>
    sql.begin(async (tx) => {
      const [row] = await tx`SELECT t.*, s.*, s.id AS seed_id, u.id, u.user_name FROM tokens t
        JOIN users u ON u.id = t.owner_id JOIN token_seeds s ON s.token_id = t.id
        WHERE t.serial_key = ${token.serialKey} AND t.algorithm = ${algorithm} AND t.enabled AND t.lost_at IS NULL AND u.enabled
        ORDER BY t.id, s.state FOR UPDATE OF t, s`;
      await tx`SELECT * FROM passcode_failures WHERE caller = 'system' AND token_id = ${token.id}`;
      await tx`UPDATE token_seeds SET last_step = coalesce(last_step, 0) + 1, drift = 0 WHERE id = ${row!['seed_id']} RETURNING id`;
      await tx`UPDATE tokens SET last_used_at = now() WHERE id = ${token.id}`;
      await tx`DELETE FROM passcode_failures WHERE caller = 'system' AND token_id = ${token.id}`;
      await tx`INSERT INTO audit_events (at, action, outcome, target_user_id, target_user_name, token_id, serial_number, request_id, address, details)
        VALUES (now(), 'passcode.accepted', 'DONE', ${owner.id}, ${owner.userName}, ${token.id}, ${token.serialNumber}, 'r', '::1', '{}')`;
    });
  const comparison = await compare(
    {
      title: `verifyPasscode, ${algorithm}`,
      text: 'the action with right codes, 8 at a time, synchronous_commit on; against the same statements through postgres.js',
      aim: 'at least 0.5',
    },
    rounds,
    async () => {
      // Each round is three minutes later, so that every token has a fresh code.
      api.clock.advance(180);
      const at = deps.clock.now().getTime() / 1000;
      // What the phones compute is not ours to pay for.
      const shown = scenes.map(({ token: { serialNumber } }) => ({
        serialNumber,
        passcode: codeOf(serialNumber, at),
      }));
      return perSecond(shown, WIDTH, async ({ serialNumber, passcode }) => {
        const { outcome } = await verifyPasscode(system, { target: { serialNumber }, passcode });
        if (outcome !== 'ACCEPTED') throw new Error(`A right code was ${outcome}.`);
      });
    },
    // They leave each token a step ahead, and the next round's code is two steps later.
    () => perSecond(scenes, WIDTH, bare),
  );
  await sql.end();
  return comparison;
}
