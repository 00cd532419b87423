import type { TokenRecord } from '@symbolon/token-files/token-record';
import { and, eq, inArray } from 'drizzle-orm';
import { requireAuthorityOver } from '../../auth/actor.ts';
import { isAmong } from '../../db/insert-many.ts';
import { permissionsOf } from '../../auth/permissions.ts';
import { rolesOf } from '../../auth/session.ts';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { readSettings } from '../settings/read-settings.ts';
import { countHeld } from '../tokens/lock-tokens.ts';
import { tokenSeeds, tokens } from '../tokens/table.ts';
import { users } from '../users/table.ts';
import type { UserWithRoles } from '../users/find-user.ts';
import { userNameKey } from '../users/user-name.ts';
import type { ImportInput } from './import-row.ts';

/** The people that a batch is about: those whom the file names, and the owners of tokens that are here already. */
export type Owners = {
  /** The owner of a token that is here. */
  byId(id: string | null): UserWithRoles | undefined;
  /** Also of an owner whom the token got a moment ago and who is not locked: nothing is taken from them. */
  isAdministrator(id: string | null): boolean;
  /** Whether a token that is here works today. */
  isLive(tokenId: string): boolean;
  /** Whom the file gives a token to, or why it stays without an owner; undefined where it names nobody. */
  find(token: TokenRecord): Promise<{ user: UserWithRoles } | { code: string; message: string } | undefined>;
  /** Counts one more token of this user. */
  take(user: { id: string }): void;
};

/** Locks the people of a batch, in the order of their ids. Seeds of the stock have no owners yet, whatever the file says. */
export async function lockOwners(
  tx: Transaction,
  deps: ActionDeps,
  input: ImportInput,
  wanted: readonly { key: string; token: TokenRecord }[],
): Promise<Owners> {
  const keys = wanted.map(({ key }) => key);
  const names = input.seeds === 'STOCK' ? [] : wanted.flatMap(({ token }) => token.userName ?? []);
  const here = await tx
    .select({ id: tokens.id, ownerId: tokens.ownerId, seed: tokenSeeds.id })
    .from(tokens)
    .leftJoin(tokenSeeds, and(eq(tokenSeeds.tokenId, tokens.id), eq(tokenSeeds.state, 'LIVE')))
    .where(isAmong(tokens.serialKey, keys));
  const named = names.length
    ? await tx
        .select({ id: users.id })
        .from(users)
        .where(isAmong(users.userNameKey, [...new Set(names.map(userNameKey))]))
    : [];
  const ids = new Set([...here.flatMap(({ ownerId }) => ownerId ?? []), ...named.map(({ id }) => id)]);
  const rows = ids.size
    ? await tx
        .select()
        .from(users)
        .where(inArray(users.id, [...ids]))
        .orderBy(users.id)
        .for('update')
    : [];
  const roles = await rolesOf(tx, [...ids]);
  const people = rows.map((row): UserWithRoles => {
    const own = roles.get(row.id) ?? [];
    return { ...row, roles: own, permissions: permissionsOf(own) };
  });
  const byId = new Map(people.map((user) => [user.id, user]));
  const byName = new Map(people.map((user) => [user.userNameKey, user]));
  const live = new Set(here.flatMap(({ id, seed }) => (seed ? [id] : [])));
  const { maxTokensPerUser: limit } = await readSettings(tx);
  const held = new Map<string, number>();

  return {
    byId: (id) => (id ? byId.get(id) : undefined),
    isAdministrator: (id) => id !== null && byId.get(id)?.roles.length !== 0,
    isLive: (tokenId) => live.has(tokenId),
    async find({ userName }) {
      if (input.seeds === 'STOCK' || !userName) return undefined;
      const user = byName.get(userNameKey(userName));
      const shown = userName.slice(0, 128);
      if (!user) return { code: 'owner.unknown', message: `There is no user ${shown}; it has no owner.` };
      if (!user.enabled) return { code: 'owner.disabled', message: `${shown} is disabled; it has no owner.` };
      try {
        requireAuthorityOver(deps.actor, user, 'refused');
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return { code: error.code, message: `${error.message} It has no owner.` };
      }
      if (input.seeds === 'ELSEWHERE') return { user };
      if (!held.has(user.id)) held.set(user.id, await countHeld(tx, deps, user.id));
      if (held.get(user.id)! < limit) return { user };
      return { code: 'owner.token_limit', message: `${shown} has the most tokens allowed; it has no owner.` };
    },
    take: ({ id }) => void held.set(id, (held.get(id) ?? 0) + 1),
  };
}
