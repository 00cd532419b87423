import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { enqueue } from '../../lib/queue.ts';
import { newId } from '../../lib/random.ts';
import { users } from '../users/table.ts';
import type { MailEvent } from './mail-events.ts';
import { type MailRow, mails } from './table.ts';

/** Whom a mail goes to. */
export type Recipient = {
  id: string;
  userName: string;
  givenName: string;
  familyName: string;
  email: string | null;
};

export type Notice = {
  event: MailEvent;
  /** Values of the event's variables; never a secret. Names, links and the product's name are added. */
  values?: Record<string, string | number | null | undefined>;
  /** Whose own text is used, if it has one. */
  profileId?: string | null;
  /** From these the link or the code is derived when the mail is sent. */
  ticketId?: string;
  activationId?: string;
  /** The same thing is told once only. */
  onceKey?: string;
};

/**
 * Puts a mail into the outbox in the caller's transaction, and into the queue when a mail server is set. Whoever has no
 * address gets none. Answers the mail, or null.
 */
export async function notify(
  tx: Transaction,
  deps: ActionDeps,
  to: Recipient,
  notice: Notice,
): Promise<MailRow | null> {
  if (!to.email) return null;
  const values = {
    userName: to.userName,
    givenName: to.givenName,
    fullName: fullName(to),
    actorName: await actorName(tx, deps),
    ...notice.values,
  };
  const filled = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  const [mail] = await tx
    .insert(mails)
    .values({
      id: newId(deps),
      event: notice.event,
      state: deps.mail ? 'QUEUED' : 'NOT_SENT',
      userId: to.id,
      address: to.email,
      profileId: notice.profileId ?? null,
      values: Object.fromEntries(filled.map(([name, value]) => [name, String(value)])),
      ticketId: notice.ticketId ?? null,
      activationId: notice.activationId ?? null,
      onceKey: notice.onceKey ?? null,
      createdAt: deps.clock.now(),
    })
    .onConflictDoNothing()
    .returning();
  if (mail && deps.mail) await queueMail(tx, mail.id);
  return mail ?? null;
}

/** Has a mail sent soon; one that waits for its next try is tried now. */
export const queueMail = (tx: Transaction, mailId: string): Promise<void> =>
  enqueue(tx, 'send_mail', { mailId }, `mail ${mailId}`);

/** Tells the owner of a token what happened to it; a token without an owner tells nobody. */
export async function notifyOwner(
  tx: Transaction,
  deps: ActionDeps,
  token: { serialNumber: string; ownerId: string | null },
  notice: Notice,
): Promise<void> {
  if (!token.ownerId) return;
  const [owner] = await tx
    .select()
    .from(users)
    .where(and(eq(users.id, token.ownerId), eq(users.enabled, true)));
  if (!owner) return;
  const serialNumber = groupedSerial(token.serialNumber);
  await notify(tx, deps, owner, { ...notice, values: { serialNumber, ...notice.values } });
}

export const fullName = ({ givenName, familyName }: { givenName: string; familyName: string }): string =>
  `${givenName} ${familyName}`.trim();

/** `000123456789` as `0001 2345 6789`, as screens show it. */
export const groupedSerial = (serialNumber: string): string =>
  /^\d{12}$/.test(serialNumber) ? serialNumber.replace(/(.{4})(?=.)/g, '$1 ') : serialNumber;

async function actorName(tx: Transaction, { actor }: ActionDeps): Promise<string> {
  if (actor.kind !== 'user') return 'Symbolon';
  const [row] = await tx.select().from(users).where(eq(users.id, actor.id));
  return row ? fullName(row) : actor.userName;
}
