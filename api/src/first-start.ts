import { count, eq, isNull, sql } from 'drizzle-orm';
import { hashPassword } from './auth/password.ts';
import { createDemo } from './demo.ts';
import { ensureShippedDefinitions } from './features/device-definitions/seed-shipped-definitions.ts';
import { recordAudit } from './features/audit/record-audit.ts';
import { createUser } from './features/users/create-user.ts';
import { findUserByName } from './features/users/find-user.ts';
import { users } from './features/users/table.ts';
import type { FirstSignIn } from './first-sign-in.ts';
import type { ActionDeps } from './lib/deps.ts';
import { generatePassword } from './lib/random.ts';
import { version } from './lib/version.ts';

// Any number serves that nothing else locks in this database.
const FIRST_START_LOCK = 79_626_568;

/**
 * Makes what a new installation needs: shipped device definitions, the first Super Admin `admin`, and with `demo` users,
 * profile and tokens to try things with. A start that was killed before anybody signed in shows new passwords again.
 */
export async function prepareInstallation(
  deps: ActionDeps,
  options: { demo: boolean },
): Promise<FirstSignIn[]> {
  await ensureShippedDefinitions(deps);
  return deps.db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${FIRST_START_LOCK})`);
    const [known] = await deps.db.select({ count: count() }).from(users);
    if (known!.count === 0) return firstUsers(deps, options.demo);
    const [used] = await deps.db
      .select({ count: count() })
      .from(users)
      .where(sql`${users.lastSignInAt} IS NOT NULL`);
    return used!.count === 0 && !deps.config.adminPassword ? newPasswords(deps) : [];
  });
}

async function firstUsers(deps: ActionDeps, demo: boolean): Promise<FirstSignIn[]> {
  const password = deps.config.adminPassword ?? generatePassword(deps.random);
  await recordAudit(deps.db, deps, { action: 'system.initialized', details: { version } });
  await createUser(deps, {
    userName: 'admin',
    givenName: 'First',
    familyName: 'Administrator',
    password,
    mustChangePassword: !deps.config.adminPassword,
    roles: ['SUPER_ADMIN'],
  });
  const shown = deps.config.adminPassword ? [] : [{ userName: 'admin', password }];
  return demo ? [...shown, ...(await createDemo(deps))] : shown;
}

/** Nobody has signed in yet, so nobody's password is lost: the terminal of a killed first start may be gone. */
async function newPasswords(deps: ActionDeps): Promise<FirstSignIn[]> {
  const waiting = await deps.db
    .select()
    .from(users)
    .where(isNull(users.lastSignInAt))
    .orderBy(users.createdAt);
  const admin = await findUserByName(deps.db, 'admin');
  if (waiting.length > 10 || !admin) return [];
  const shown: FirstSignIn[] = [];
  for (const { id, userName } of waiting) {
    const password = generatePassword(deps.random);
    await deps.db
      .update(users)
      .set({ passwordHash: await hashPassword(password) })
      .where(eq(users.id, id));
    shown.push({ userName, password });
  }
  return shown;
}
