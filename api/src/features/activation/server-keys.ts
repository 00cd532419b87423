import type { KeyObject } from 'node:crypto';
import type { RsaScheme } from '@symbolon/ct-kip/nonce-encryption';
import { generateServerKey, openPrivateKey, type ServerKeyBits } from '@symbolon/ct-kip/server-key';
import { and, eq, sql } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import type { Deps } from '../../lib/deps.ts';
import { newId } from '../../lib/random.ts';
import { ctKipServerKeys } from './table.ts';

/** K_SERVER of one dialect and size. Exponent 65537. */
export type KServer = { id: string; modulus: Uint8Array; privateKey: KeyObject };

export const exponent = Uint8Array.of(1, 0, 1);

/** What a key is for; none serves two. */
export type KeyUse = {
  dialect: 'RSA' | 'RFC';
  /** RSA's apps write rsa-1_5 and mean OAEP (`reference/ctkip.md` §0 item 2), so their scheme is `oaep`, too. */
  scheme: RsaScheme;
  bits: number;
};

/** How the table calls a scheme. */
const schemeNames = { oaep: 'oaep-sha1', pkcs1: 'pkcs1-v1_5' } as const;
const placeOf = (id: string) => ({ table: 'ct_kip_server_keys', id, purpose: 'private-key' });

// Rows never change, so an opened key stays right for as long as the process lives.
const opened = new WeakMap<Deps['vault'], Map<string, KServer>>();

/** The server key for a use, made at first need under a lock. */
export async function serverKey(
  db: Queryable,
  deps: Deps,
  { dialect, scheme: wanted, bits }: KeyUse,
): Promise<KServer> {
  const scheme = schemeNames[wanted];
  const use = and(
    eq(ctKipServerKeys.dialect, dialect),
    eq(ctKipServerKeys.scheme, scheme),
    eq(ctKipServerKeys.bits, bits),
  );
  const [row] = await db.select().from(ctKipServerKeys).where(use);
  if (row) return openKey(deps, row);
  return db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('symbolon server key'))`);
    const [made] = await tx.select().from(ctKipServerKeys).where(use);
    if (made) return openKey(deps, made);
    const id = newId(deps);
    const key = await generateServerKey(bits as ServerKeyBits);
    const [inserted] = await tx
      .insert(ctKipServerKeys)
      .values({
        id,
        dialect,
        scheme,
        bits,
        modulus: key.modulus,
        sealedPrivateKey: deps.vault.seal(key.privateKey, placeOf(id)),
        createdAt: deps.clock.now(),
      })
      .returning();
    return openKey(deps, inserted!);
  });
}

/** The key that a session named in pass 1. */
export async function serverKeyById(db: Queryable, deps: Deps, id: string): Promise<KServer> {
  const known = keysOf(deps).get(id);
  if (known) return known;
  const [row] = await db.select().from(ctKipServerKeys).where(eq(ctKipServerKeys.id, id));
  if (!row) throw new Error(`There is no server key ${id}.`);
  return openKey(deps, row);
}

function keysOf(deps: Deps): Map<string, KServer> {
  const keys = opened.get(deps.vault) ?? new Map<string, KServer>();
  opened.set(deps.vault, keys);
  return keys;
}

function openKey(deps: Deps, row: typeof ctKipServerKeys.$inferSelect): KServer {
  const known = keysOf(deps).get(row.id);
  if (known) return known;
  const privateKey = openPrivateKey(deps.vault.open(row.sealedPrivateKey, placeOf(row.id)));
  const key = { id: row.id, modulus: row.modulus, privateKey };
  keysOf(deps).set(row.id, key);
  return key;
}
