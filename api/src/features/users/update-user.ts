import { and, eq, ne, sql } from 'drizzle-orm';
import { mayActor, mayGrant, requireAuthorityOver } from '../../auth/actor.ts';
import type { Role } from '../../auth/permissions.ts';
import { endSessionsOf } from '../../auth/session.ts';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { endActivationsOfUser } from '../activation/end-activations.ts';
import { type AuditEntry, recordAudit } from '../audit/record-audit.ts';
import { readMailCertificate } from '../notifications/smime.ts';
import { lockUser, type UserWithRoles } from './find-user.ts';
import { userRoles, users, type UserRow } from './table.ts';
import { isEmail, isPersonName } from './user-name.ts';

export type UpdateUserInput = {
  userId: string;
  givenName?: string | null | undefined;
  familyName?: string | null | undefined;
  email?: string | null | undefined;
  /** PEM; mails to this person are encrypted with it. */
  mailCertificate?: string | null | undefined;
  enabled?: boolean | null | undefined;
  roles?: readonly Role[] | null | undefined;
};

/**
 * Changes what is given; an empty e-mail or certificate clears it. Disabling ends the person's sessions, sockets and open
 * activations in the same transaction.
 * @throws Failure InvalidInput · NotFound · InvalidState `user.outranks_you`, `user.last_super_admin`, `user.is_yourself`
 */
export async function updateUser(deps: ActionDeps, input: UpdateUserInput): Promise<UserRow> {
  new FieldChecks()
    .require(
      isPersonName(input.givenName ?? 'x'),
      'givenName',
      'name.invalid',
      'A given name has 1 to 128 characters.',
    )
    .require(
      isPersonName(input.familyName ?? 'x'),
      'familyName',
      'name.invalid',
      'A family name has 1 to 128 characters.',
    )
    .require(!input.email || isEmail(input.email), 'email', 'email.invalid', 'This is not an e-mail address.')
    .require(
      !input.mailCertificate || isMailCertificate(input.mailCertificate),
      'mailCertificate',
      'certificate.invalid',
      'This is no RSA certificate in PEM form.',
    )
    .require(
      !input.roles || mayGrant(deps.actor, input.roles),
      'roles',
      'roles.not_yours_to_grant',
      'Only a Super Admin grants roles.',
    )
    .require(
      mayActor(deps.actor, 'USERS_MANAGE') ||
        ((input.givenName ?? input.familyName ?? null) === null &&
          input.email === undefined &&
          input.mailCertificate === undefined),
      'givenName',
      'user.only_enable',
      'You may enable and disable users, and not change them.',
    )
    .done();

  return deps.db.transaction(async (tx) => {
    // Two administrators who demote each other must not leave the installation without a Super Admin.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('symbolon last super admin'))`);
    const before = await lockUser(tx, input.userId);
    requireAuthorityOver(deps.actor, before, 'allowed');
    if (input.enabled === false && deps.actor.kind === 'user' && deps.actor.id === before.id) {
      throw new Failure(
        'InvalidState',
        'user.is_yourself',
        'Nobody disables themselves. Ask another administrator.',
      );
    }
    const loses = input.enabled === false || (input.roles && !input.roles.includes('SUPER_ADMIN'));
    if (loses && before.enabled && before.roles.includes('SUPER_ADMIN'))
      await requireAnotherSuperAdmin(tx, before.id);

    const [after] = await tx
      .update(users)
      .set({
        givenName: input.givenName?.trim() ?? before.givenName,
        familyName: input.familyName?.trim() ?? before.familyName,
        email: input.email === undefined ? before.email : input.email || null,
        mailCertificate:
          input.mailCertificate === undefined
            ? before.mailCertificate
            : input.mailCertificate?.trim() || null,
        enabled: input.enabled ?? before.enabled,
      })
      .where(eq(users.id, before.id))
      .returning();
    if (input.roles) await replaceRoles(tx, before.id, input.roles);
    if (before.enabled && !after!.enabled) {
      await endSessionsOf(tx, deps, before.id);
      await endActivationsOfUser(tx, deps, before.id, 'user disabled');
    }
    await deps.bus.publish(tx, 'user', before.id);
    await recordAudit(tx, deps, ...changes(before, after!, input.roles ?? undefined));
    return after!;
  });
}

function isMailCertificate(pem: string): boolean {
  try {
    return Boolean(readMailCertificate(pem));
  } catch {
    return false;
  }
}

async function requireAnotherSuperAdmin(tx: Transaction, userId: string): Promise<void> {
  const others = await tx
    .select({ id: users.id })
    .from(userRoles)
    .innerJoin(users, eq(users.id, userRoles.userId))
    .where(and(eq(userRoles.role, 'SUPER_ADMIN'), eq(users.enabled, true), ne(users.id, userId)))
    .limit(1);
  if (others.length === 0) {
    throw new Failure(
      'InvalidState',
      'user.last_super_admin',
      'This is the last enabled Super Admin. Make another one first.',
    );
  }
}

async function replaceRoles(tx: Transaction, userId: string, roles: readonly Role[]): Promise<void> {
  await tx.delete(userRoles).where(eq(userRoles.userId, userId));
  const rows = [...new Set(roles)].map((role) => ({ userId, role }));
  if (rows.length > 0) await tx.insert(userRoles).values(rows);
}

/** One audit row for each kind of change, with what was before. */
function changes(before: UserWithRoles, after: UserRow, roles: readonly Role[] | undefined): AuditEntry[] {
  const entries: AuditEntry[] = [];
  const fields = (['givenName', 'familyName', 'email'] as const).filter(
    (field) => before[field] !== after[field],
  );
  if (fields.length > 0) {
    const details = fields.flatMap((field) => [
      [`${field} before`, before[field]],
      [field, after[field]],
    ]);
    entries.push({ action: 'user.updated', targetUser: after, details: Object.fromEntries(details) });
  }
  if (before.mailCertificate !== after.mailCertificate) {
    const mailCertificate = after.mailCertificate ? 'set' : 'taken away';
    entries.push({ action: 'user.updated', targetUser: after, details: { mailCertificate } });
  }
  if (before.enabled !== after.enabled) {
    entries.push({ action: after.enabled ? 'user.enabled' : 'user.disabled', targetUser: after });
  }
  const [old, now] = [
    before.roles.toSorted().join(' '),
    roles ? [...new Set(roles)].toSorted().join(' ') : undefined,
  ];
  if (now !== undefined && now !== old) {
    entries.push({
      action: 'user.roles_changed',
      targetUser: after,
      details: { before: old || 'none', after: now || 'none' },
    });
  }
  return entries;
}
