import { and, eq, sql } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { users } from '../users/table.ts';
import { mailErrorText } from './mail-transport.ts';
import { renderOutgoing } from './outgoing-mail.ts';
import { mails } from './table.ts';

/**
 * Sends one mail of the outbox, once: whoever comes second finds it sent. What fails is thrown, so that the queue tries
 * again later; the last try, and an answer that says that no try will help, give up and are written down.
 */
export async function sendMail(
  deps: ActionDeps,
  input: { mailId: string; isLastTry: boolean },
): Promise<void> {
  const [mail] = await deps.db.select().from(mails).where(eq(mails.id, input.mailId));
  if (mail?.state !== 'QUEUED' || !deps.mail) return;
  const [recipient] = mail.userId ? await deps.db.select().from(users).where(eq(users.id, mail.userId)) : [];
  const isQueued = and(eq(mails.id, mail.id), eq(mails.state, 'QUEUED'));
  const message = await renderOutgoing(deps, mail);
  const attempts = sql`${mails.attempts} + 1`;
  const failure = message
    ? await deps.mail
        .send({
          // The same each time, so that a mail whose receipt was lost is known when it comes again.
          messageId: `<${mail.id}@${new URL(deps.config.publicUrl).hostname}>`,
          from: deps.config.mail.from,
          to: mail.address,
          ...message,
          ...(recipient?.mailCertificate ? { recipientCertificate: recipient.mailCertificate } : {}),
        })
        .then(() => undefined, mailErrorText)
    : { text: 'The link of this mail is valid no longer.', permanent: true };
  if (!failure) {
    await deps.db
      .update(mails)
      .set({ state: 'SENT', sentAt: deps.clock.now(), attempts, lastError: null })
      .where(isQueued);
    return;
  }
  const givesUp = failure.permanent || input.isLastTry;
  await deps.db.transaction(async (tx) => {
    await tx
      .update(mails)
      .set({
        attempts,
        lastError: failure.text.slice(0, 500),
        ...(givesUp ? { state: 'FAILED' as const } : {}),
      })
      .where(isQueued);
    if (!givesUp) return;
    await recordAudit(tx, deps, {
      action: 'mail.failed',
      outcome: 'FAILED',
      targetUser: recipient,
      details: { event: mail.event, address: mail.address, error: failure.text },
    });
  });
  if (givesUp) deps.log.warn({ mailId: mail.id, event: mail.event }, `A mail was given up: ${failure.text}`);
  else throw new Error(failure.text);
}
