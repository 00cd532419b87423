import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { users } from '../users/table.ts';
import { mailErrorText } from './mail-transport.ts';
import { renderOutgoing } from './outgoing-mail.ts';
import { type MailRow, mails } from './table.ts';

/**
 * Sends one mail of the outbox, once: its row is locked meanwhile, so of several who try one sends, and whoever comes
 * later finds it sent. What fails is thrown, so that the queue tries again; the last try, and an answer that says that no
 * try will help, give up and are written down.
 */
export async function sendMail(
  deps: ActionDeps,
  input: { mailId: string; isLastTry: boolean },
): Promise<void> {
  const failure = await deps.db.transaction(async (tx) => {
    const [mail] = await tx
      .select()
      .from(mails)
      .where(and(eq(mails.id, input.mailId), eq(mails.state, 'QUEUED')))
      .for('update', { skipLocked: true });
    if (!mail) return null;
    if (!deps.mail) {
      // The server was taken away after this was queued: it is kept, and can be sent again when there is one.
      await tx.update(mails).set({ state: 'NOT_SENT' }).where(eq(mails.id, mail.id));
      return null;
    }
    const failed = await send(tx, deps, mail);
    const attempts = sql`${mails.attempts} + 1`;
    if (!failed) {
      await tx
        .update(mails)
        .set({ state: 'SENT', sentAt: deps.clock.now(), attempts, lastError: null })
        .where(eq(mails.id, mail.id));
      return null;
    }
    const givesUp = failed.permanent || input.isLastTry;
    const lastError = failed.text.slice(0, 500);
    await tx
      .update(mails)
      .set({ attempts, lastError, ...(givesUp ? { state: 'FAILED' as const } : {}) })
      .where(eq(mails.id, mail.id));
    if (givesUp) await giveUp(tx, deps, mail, lastError);
    return givesUp ? null : lastError;
  });
  if (failure !== null) throw new Error(failure);
}

/** Answers why it did not leave, or undefined. */
async function send(tx: Transaction, deps: ActionDeps, mail: MailRow) {
  const [recipient] = mail.userId ? await tx.select().from(users).where(eq(users.id, mail.userId)) : [];
  const message = await renderOutgoing(deps, mail);
  if (!message) return { text: 'The link of this mail is valid no longer.', permanent: true };
  // A test may go to another address than the person's own, whose key opens nothing there.
  const recipientCertificate = mail.address === recipient?.email ? recipient.mailCertificate : null;
  return deps
    .mail!.send({
      // The same each time, so that a mail whose receipt was lost is known when it comes again.
      messageId: `<${mail.id}@${new URL(deps.config.publicUrl).hostname}>`,
      from: deps.config.mail.from,
      to: mail.address,
      ...message,
      ...(recipientCertificate ? { recipientCertificate } : {}),
    })
    .then(() => undefined, mailErrorText);
}

async function giveUp(tx: Transaction, deps: ActionDeps, mail: MailRow, error: string): Promise<void> {
  await recordAudit(tx, deps, {
    action: 'mail.failed',
    outcome: 'FAILED',
    targetUser: mail.userId ? { id: mail.userId, userName: mail.values['userName'] ?? '' } : null,
    details: { event: mail.event, address: mail.address, error },
  });
  deps.log.warn({ mailId: mail.id, event: mail.event }, `A mail was given up: ${error}`);
}
