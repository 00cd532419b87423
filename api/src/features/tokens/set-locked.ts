import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { tokens } from './table.ts';

/** Notes since when a token's codes are LOCKED for programs; null: no longer. */
export async function setLocked(tx: Transaction, tokenId: string, lockedAt: Date | null): Promise<void> {
  await tx.update(tokens).set({ lockedAt }).where(eq(tokens.id, tokenId));
}
