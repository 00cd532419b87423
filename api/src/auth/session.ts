import { createHash } from 'node:crypto';
import { and, eq, gt, inArray, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { userRoles, users } from '../features/users/table.ts';
import { plusSeconds } from '../lib/clock.ts';
import type { Deps, RequestInfo } from '../lib/deps.ts';
import { newId } from '../lib/random.ts';
import type { UserActor } from './actor.ts';
import { type KeyViewer, permissionsOfKeyNow } from './api-key.ts';
import { type Permission, permissionsOf, type Role } from './permissions.ts';
import { sessions } from './table.ts';

/** Eight hours without a request, or a day in all, and a session is over. */
const IDLE_SECONDS = 8 * 3600;
const WHOLE_SECONDS = 24 * 3600;
/** `last_seen_at` is written at most this often. */
const TOUCH_SECONDS = 60;

/** A person who has signed in. */
export type SessionViewer = UserActor & {
  apiKey?: undefined;
  sessionId: string;
  roles: Role[];
  mustChangePassword: boolean;
  sessionExpiresAt: Date;
  /** It came through the web tier, where nobody has more than self-service, whatever their roles. */
  selfServiceOnly?: true;
};

/** Whoever asks: a person by a session, or a program by an API key of that person. */
export type Viewer = SessionViewer | KeyViewer;

export type SessionRow = typeof sessions.$inferSelect;

/** When a session ends if nothing more happens in it: eight hours after its last request, a day after sign-in. */
export function endOfSession({ lastSeenAt, expiresAt }: Pick<SessionRow, 'lastSeenAt' | 'expiresAt'>): Date {
  const idleEnd = plusSeconds(lastSeenAt, IDLE_SECONDS);
  return idleEnd < expiresAt ? idleEnd : expiresAt;
}

/** The condition that a session has not ended by itself at a moment. */
export const isAliveAt = (at: Date): SQL =>
  and(gt(sessions.expiresAt, at), gt(sessions.lastSeenAt, plusSeconds(at, -IDLE_SECONDS)))!;

const hashOf = (token: string) => new Uint8Array(createHash('sha256').update(token).digest());

/** Makes a session and answers the cookie's value, which is kept nowhere. */
export async function startSession(
  tx: Queryable,
  deps: Deps,
  userId: string,
  from: RequestInfo & { userAgent?: string | undefined },
): Promise<{ token: string; expiresAt: Date }> {
  const token = Buffer.from(deps.random.bytes(32)).toString('base64url');
  const now = deps.clock.now();
  const expiresAt = plusSeconds(now, WHOLE_SECONDS);
  await tx.insert(sessions).values({
    id: newId(deps),
    userId,
    tokenHash: hashOf(token),
    createdAt: now,
    lastSeenAt: now,
    expiresAt,
    address: from.address,
    userAgent: from.userAgent?.slice(0, 300) ?? null,
  });
  return { token, expiresAt };
}

/**
 * The person behind a cookie's value: session alive, user enabled, roles as they are now. With `touch` the session
 * counts as used.
 */
export async function findViewer(
  deps: Deps,
  token: string | undefined,
  touch = true,
): Promise<SessionViewer | undefined> {
  if (!token || token.length > 100) return undefined;
  const now = deps.clock.now();
  const [row] = await deps.db
    .select({
      session: sessions,
      user: users,
      roles: sql<
        Role[]
      >`ARRAY(SELECT role FROM ${userRoles} WHERE ${userRoles.userId} = ${users.id} ORDER BY role)`,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, hashOf(token)), eq(users.enabled, true), isAliveAt(now)));
  if (!row) return undefined;
  const { session, user, roles } = row;
  if (touch && now.getTime() - session.lastSeenAt.getTime() > TOUCH_SECONDS * 1000) {
    await deps.db.update(sessions).set({ lastSeenAt: now }).where(eq(sessions.id, session.id));
  }
  return {
    kind: 'user',
    id: user.id,
    userName: user.userName,
    permissions: permissionsOf(roles),
    roles,
    sessionId: session.id,
    mustChangePassword: user.mustChangePassword,
    sessionExpiresAt: endOfSession({ lastSeenAt: now, expiresAt: session.expiresAt }),
  };
}

/** Ends one session; its sockets close. */
export async function endSession(tx: Queryable, deps: Deps, sessionId: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.id, sessionId));
  await deps.bus.publish(tx, 'session', sessionId);
}

/** Ends a person's sessions, but for those to `keep`; their sockets close. Answers how many were still alive. */
export async function endSessionsOf(
  tx: Queryable,
  deps: Deps,
  userId: string,
  keep: readonly string[] = [],
): Promise<number> {
  const ended = await tx
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), notInArray(sessions.id, [...keep])))
    .returning();
  for (const { id } of ended) await deps.bus.publish(tx, 'session', id);
  return ended.filter((session) => endOfSession(session) > deps.clock.now()).length;
}

/** What the viewer may at this moment; for subscriptions, which live longer than a look at roles and key. */
export async function permissionsNow(
  deps: Deps,
  viewer: Pick<Viewer, 'id' | 'apiKey' | 'selfServiceOnly'>,
): Promise<ReadonlySet<Permission>> {
  if (viewer.selfServiceOnly) return new Set();
  const ofRoles = permissionsOf((await rolesOf(deps.db, [viewer.id])).get(viewer.id) ?? []);
  return viewer.apiKey ? permissionsOfKeyNow(deps, viewer.apiKey.id, ofRoles) : ofRoles;
}

/** The roles of many users at once. */
export async function rolesOf(db: Queryable, userIds: readonly string[]): Promise<Map<string, Role[]>> {
  const rows = userIds.length
    ? await db
        .select()
        .from(userRoles)
        .where(inArray(userRoles.userId, [...userIds]))
        .orderBy(userRoles.role)
    : [];
  const byUser = new Map<string, Role[]>(userIds.map((id) => [id, []]));
  for (const row of rows) byUser.get(row.userId)?.push(row.role as Role);
  return byUser;
}
