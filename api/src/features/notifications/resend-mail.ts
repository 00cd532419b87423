import { eq } from 'drizzle-orm';
import { type Limit, reserveAttempt } from '../../auth/throttle.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, RateLimited } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { queueMail } from './notify.ts';
import { type MailRow, mails } from './table.ts';

/** Three mails that somebody asked for to one address in a quarter of an hour, then one in five minutes. */
const askedFor = (address: string): Limit => ({
  key: `mail asked for ${address.toLowerCase()}`,
  free: 3,
  windowSeconds: 900,
  firstDelay: 300,
  maxDelay: 900,
});

/** Counts a mail that somebody asks for, so that nobody floods an address. @throws RateLimited */
export async function countAskedMail(deps: ActionDeps, address: string): Promise<void> {
  const wait = await reserveAttempt(deps, [askedFor(address)]);
  if (wait > 0) {
    throw new RateLimited(
      wait,
      `Enough mails went to this address for now. Wait ${Math.ceil(wait / 60)} min, then send another.`,
    );
  }
}

/** Whether a mail may be sent again: it was given up, never left, or waits after a failed try. */
export const mayResend = (deps: ActionDeps, mail: MailRow): boolean =>
  deps.mail !== null &&
  (mail.state === 'FAILED' || mail.state === 'NOT_SENT' || (mail.state === 'QUEUED' && mail.attempts > 0));

/**
 * Has a mail sent now that was given up, never left, or waits for its next try.
 * @throws Failure NotFound · InvalidState `mail.not_configured`, `mail.sent_already`; RateLimited
 */
export async function resendMail(deps: ActionDeps, input: { mailId: string }): Promise<MailRow> {
  const [seen] = await deps.db.select().from(mails).where(eq(mails.id, input.mailId));
  if (!seen) throw new Failure('NotFound', 'mail.not_found', 'There is no such mail.');
  requireMailServer(deps);
  if (!mayResend(deps, seen)) {
    throw sentAlready();
  }
  await countAskedMail(deps, seen.address);
  return deps.db.transaction(async (tx) => {
    const [free] = await tx
      .select()
      .from(mails)
      .where(eq(mails.id, seen.id))
      .for('update', { skipLocked: true });
    // Looked at again under its lock: it may have left meanwhile.
    if (!free || !mayResend(deps, free)) throw sentAlready();
    const [mail] = await tx
      .update(mails)
      .set({ state: 'QUEUED', attempts: 0, lastError: null })
      .where(eq(mails.id, seen.id))
      .returning();
    await queueMail(tx, seen.id);
    await recordAudit(tx, deps, {
      action: 'mail.sent_again',
      targetUser: seen.userId ? { id: seen.userId, userName: seen.values['userName'] ?? '' } : null,
      details: { event: seen.event, address: seen.address },
    });
    return mail!;
  });
}

const sentAlready = () =>
  new Failure('InvalidState', 'mail.sent_already', 'This mail has left, or is about to.');

/** @throws Failure InvalidState `mail.not_configured` */
export function requireMailServer(deps: ActionDeps): void {
  if (deps.mail) return;
  throw new Failure(
    'InvalidState',
    'mail.not_configured',
    'No mail server is set. Set SMTP_URL and start Symbolon again.',
  );
}
