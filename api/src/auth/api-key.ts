import { createHash } from 'node:crypto';
import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm';
import { userRoles, users } from '../features/users/table.ts';
import { plusSeconds } from '../lib/clock.ts';
import type { Deps } from '../lib/deps.ts';
import type { Random } from '../lib/random.ts';
import type { UserActor } from './actor.ts';
import { type Permission, permissions, permissionsOf, type Role } from './permissions.ts';
import { type ApiKeyRow, apiKeys } from './table.ts';

/** `last_used_at` and the address are written at most this often. */
const TOUCH_SECONDS = 60;
/** How much of a key is kept to know it again: the mark and seven characters, which leaves 214 bits unknown. */
const PREFIX_LENGTH = 12;
const keyForm = /^symb_[A-Za-z0-9_-]{43}$/;

/** A program that acts for a key's owner: no session, and never more than key and owner both may. */
export type KeyViewer = UserActor & {
  apiKey: { id: string; name: string };
  sessionId?: undefined;
  selfServiceOnly?: undefined;
  roles: Role[];
  mustChangePassword: false;
  /** When the key expires. */
  sessionExpiresAt: Date;
};

export type KeyFinding =
  | { viewer: KeyViewer }
  | {
      viewer?: undefined;
      /** For the audit log only: outside, all refusals look alike. */
      reason: 'unknown key' | 'key revoked' | 'key expired' | 'owner disabled' | 'owner must change password';
      key?: Pick<ApiKeyRow, 'id' | 'name'>;
      owner?: { id: string; userName: string };
    };

const hashOf = (key: string) => new Uint8Array(createHash('sha256').update(key).digest());

/** A new key, `symb_` and 256 random bits, with what is kept of it: hash and first characters. */
export function generateApiKey(random: Random): { key: string; keyHash: Uint8Array; prefix: string } {
  const key = `symb_${Buffer.from(random.bytes(32)).toString('base64url')}`;
  return { key, keyHash: hashOf(key), prefix: key.slice(0, PREFIX_LENGTH) };
}

/** What key and owner both may, in the one order of permissions. */
export function permissionsInCommon(
  ofKey: readonly string[],
  ofOwner: ReadonlySet<Permission>,
): Permission[] {
  const chosen = new Set(ofKey);
  return permissions.filter((permission) => chosen.has(permission) && ofOwner.has(permission));
}

/**
 * Who acts with this key, judged anew each time: key neither revoked nor expired, owner enabled and with no password to
 * change, permissions as both hold them now. With `usedFrom` the use is noted.
 */
export async function findKeyViewer(deps: Deps, key: string, usedFrom?: string): Promise<KeyFinding> {
  if (!keyForm.test(key)) return { reason: 'unknown key' };
  const now = deps.clock.now();
  const [row] = await deps.db
    .select({
      key: apiKeys,
      user: users,
      roles: sql<
        Role[]
      >`ARRAY(SELECT role FROM ${userRoles} WHERE ${userRoles.userId} = ${users.id} ORDER BY role)`,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.ownerId))
    .where(eq(apiKeys.keyHash, hashOf(key)));
  if (!row) return { reason: 'unknown key' };
  const { key: found, user, roles } = row;
  const refused = (reason: Exclude<KeyFinding, { viewer: KeyViewer }>['reason']): KeyFinding => ({
    reason,
    key: found,
    owner: user,
  });
  if (found.revokedAt) return refused('key revoked');
  if (found.expiresAt <= now) return refused('key expired');
  if (!user.enabled) return refused('owner disabled');
  if (user.mustChangePassword) return refused('owner must change password');
  if (usedFrom !== undefined) await noteUse(deps, found, now, usedFrom);
  return {
    viewer: {
      kind: 'user',
      id: user.id,
      userName: user.userName,
      permissions: new Set(permissionsInCommon(found.permissions, permissionsOf(roles))),
      roles,
      apiKey: { id: found.id, name: found.name },
      mustChangePassword: false,
      sessionExpiresAt: found.expiresAt,
    },
  };
}

/** What a key and its owner both may at this moment; nothing once the key is over. For what outlives a request. */
export async function permissionsOfKeyNow(
  deps: Deps,
  keyId: string,
  ofOwner: ReadonlySet<Permission>,
): Promise<ReadonlySet<Permission>> {
  const [key] = await deps.db
    .select({ permissions: apiKeys.permissions })
    .from(apiKeys)
    .where(and(eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, deps.clock.now())));
  return new Set(permissionsInCommon(key?.permissions ?? [], ofOwner));
}

async function noteUse(deps: Deps, key: ApiKeyRow, now: Date, address: string): Promise<void> {
  const before = plusSeconds(now, -TOUCH_SECONDS);
  if (key.lastUsedAt && key.lastUsedAt > before) return;
  await deps.db
    .update(apiKeys)
    .set({ lastUsedAt: now, lastUsedAddress: address })
    // Of a burst of requests one writes.
    .where(and(eq(apiKeys.id, key.id), or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, before))));
}
