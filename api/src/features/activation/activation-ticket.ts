import { eq } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../db/client.ts';
import type { ActionDeps, Deps } from '../../lib/deps.ts';
import { newId } from '../../lib/random.ts';
import { type ActivationTicketRow, activationTickets } from './table.ts';

const TICKET_OCTETS = 16;

/** The 128-bit ticket of a row, in base64url: it follows from the master key and lies nowhere. */
export const ticketOf = ({ vault }: Pick<Deps, 'vault'>, { id }: { id: string }): string =>
  Buffer.from(vault.deriveOctets(`activation ticket\0${id}`, TICKET_OCTETS)).toString('base64url');

/** The hash by which a ticket is found. */
export const ticketLookup = ({ vault }: Pick<Deps, 'vault'>, ticket: string): Uint8Array =>
  vault.lookupHash('activation ticket', ticket);

/**
 * The six digits that the desk shows and the mailed page asks for. They follow from the activation, so that the dialog
 * can show them again.
 */
export function deskNumberOf({ vault }: Pick<Deps, 'vault'>, { id }: { id: string }): string {
  // 2⁴⁸ is no multiple of 10⁶, but the difference between two numbers' chances is below 10⁻⁸.
  const octets = Buffer.from(vault.deriveOctets(`activation desk number\0${id}`, 6));
  return String(octets.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

/** Makes the ticket of an activation. */
export async function makeTicket(
  tx: Transaction,
  deps: ActionDeps,
  activationId: string,
): Promise<ActivationTicketRow> {
  const id = newId(deps);
  const [row] = await tx
    .insert(activationTickets)
    .values({
      id,
      activationId,
      lookup: ticketLookup(deps, ticketOf(deps, { id })),
      createdAt: deps.clock.now(),
    })
    .returning();
  return row!;
}

/** Whether an activation was mailed as a link of ours, and not as address and code. */
export async function hasTicket(db: Queryable, { id }: { id: string }): Promise<boolean> {
  const rows = await db
    .select({ id: activationTickets.id })
    .from(activationTickets)
    .where(eq(activationTickets.activationId, id))
    .limit(1);
  return rows.length > 0;
}

/** `alice@example.org` as `a•••@example.org`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${[...address][0]}•••${address.slice(at)}`;
}
