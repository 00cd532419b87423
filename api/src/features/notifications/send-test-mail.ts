import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { isEmail } from '../users/user-name.ts';
import { users } from '../users/table.ts';
import { notify } from './notify.ts';
import { countAskedMail, requireMailServer } from './resend-mail.ts';
import type { MailRow } from './table.ts';

/**
 * «Send me a test»: a mail to an address, by default to the caller's own.
 * @throws Failure InvalidInput · InvalidState `mail.not_configured`, `user.no_email`; RateLimited
 */
export async function sendTestMail(
  deps: ActionDeps,
  input: { address?: string | null | undefined },
): Promise<MailRow> {
  const { actor } = deps;
  if (actor.kind !== 'user') throw new Error('A test mail is sent by a person.');
  const wanted = input.address?.trim() || null;
  new FieldChecks()
    .require(wanted === null || isEmail(wanted), 'address', 'email.invalid', 'This is no e-mail address.')
    .done();
  requireMailServer(deps);
  const [self] = await deps.db.select().from(users).where(eq(users.id, actor.id));
  const address = wanted ?? self!.email;
  if (!address) {
    throw new Failure('InvalidState', 'user.no_email', 'You have no e-mail address. Type one.');
  }
  await countAskedMail(deps, address);
  return deps.db.transaction(async (tx) => {
    const mail = await notify(tx, deps, { ...self!, email: address }, { event: 'TEST' });
    await recordAudit(tx, deps, { action: 'mail.tested', targetUser: self!, details: { address } });
    return mail!;
  });
}
