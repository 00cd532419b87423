import { Failure } from '../lib/failure.ts';
import type { Permission } from './permissions.ts';

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

/**
 * Nobody administers a person who holds a permission that they lack, nor, with `self: 'refused'`, themselves.
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
