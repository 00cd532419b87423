import { Failure } from '../lib/failure.ts';
import { type Permission, rolePermissions, type Role } from './permissions.ts';

/** Who acts: a signed-in person, nobody (not signed in), a phone that runs CT-KIP, or the system (start, timers). */
export type Actor =
  | {
      kind: 'user';
      id: string;
      userName: string;
      permissions: ReadonlySet<Permission>;
      /** The API key with which a program acts for this person; undefined for the person in a session. */
      apiKey?: { id: string; name: string } | undefined;
    }
  | { kind: 'nobody' }
  | { kind: 'device' }
  | { kind: 'system' };

/** Whether a person acts in a session of their own, and not a program for them. */
export const isInPerson = (actor: Actor): actor is UserActor => actor.kind === 'user' && !actor.apiKey;

export type UserActor = Extract<Actor, { kind: 'user' }>;

export const mayActor = (actor: Actor, permission: Permission): boolean =>
  actor.kind === 'system' || (actor.kind === 'user' && actor.permissions.has(permission));

/** Whether these roles may be granted: with ROLES_GRANT, and by an API key only such as allow no more than the key. */
export const mayGrant = (actor: Actor, roles: readonly Role[]): boolean =>
  mayActor(actor, 'ROLES_GRANT') &&
  roles.every((role) => rolePermissions[role].every((permission) => mayActor(actor, permission)));

/**
 * Whether this very person acts, by a session. An API key never does what people do for themselves (self-service), nor
 * sees what is theirs alone, though its owner is the actor.
 */
export const isSelf = (
  actor: { kind: Actor['kind']; id?: string; apiKey?: UserActor['apiKey'] } | undefined,
  userId: string | null | undefined,
): boolean => actor?.kind === 'user' && actor.id === userId && !actor.apiKey;

/**
 * Nobody administers a person who holds a permission that they lack, nor, with `self: 'refused'`, themselves. An API key
 * counts with its own permissions, and never administers its owner.
 * @throws Failure InvalidState `user.outranks_you` or `user.is_yourself`
 */
export function requireAuthorityOver(
  actor: Actor,
  target: { id: string; userName: string; permissions: ReadonlySet<Permission> },
  self: 'allowed' | 'refused',
): void {
  if (actor.kind === 'system') return;
  if (actor.kind !== 'user') throw new Error(`${actor.kind} administers nobody.`);
  if (actor.id === target.id) {
    if (actor.apiKey) {
      throw new Failure(
        'InvalidState',
        'user.is_yourself',
        'An API key changes nothing of its owner. Sign in to do this.',
      );
    }
    if (self === 'allowed') return;
    throw new Failure(
      'InvalidState',
      'user.is_yourself',
      'Nobody administers their own tokens. Use self-service, or ask another administrator.',
    );
  }
  const missing = [...target.permissions].filter((permission) => !actor.permissions.has(permission));
  if (missing.length > 0) {
    throw new Failure(
      'InvalidState',
      'user.outranks_you',
      `${target.userName} may do things that you may not, so a person with those rights has to do this.`,
      { userName: target.userName },
    );
  }
}
