import { eq } from 'drizzle-orm';
import { isInPerson } from '../../auth/actor.ts';
import type { Transaction } from '../../db/client.ts';
import { momentOf } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { requireUsable } from '../activation/activation-start.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { readSettings } from '../settings/read-settings.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import { type DeliveredSeed, deliverSeed } from './deliver-seed.ts';
import { type FilePasswordInput, filePasswordOf } from './file-password.ts';
import { findDelivery } from './open-delivery.ts';
import { distributions } from './table.ts';

/**
 * For the owner of a token that waits to be taken as a file or CTF string, where an administrator allows that: makes its
 * seed, and the file (to be claimed once) or string. There is no second: a lost one is reported and replaced.
 * @throws Failure InvalidInput · NotFound `token.not_found` · InvalidState `file.not_offered`, `token.not_distributed`,
 *   `token.disabled`, `token.expired`
 */
export const takeTokenFile = (
  deps: ActionDeps,
  input: { tokenId: string } & FilePasswordInput,
): Promise<DeliveredSeed> =>
  deps.db.transaction(async (tx) => {
    const { actor } = deps;
    if (!isInPerson(actor)) throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
    const { allowFileDelivery, activationEnabled } = await readSettings(tx);
    if (!allowFileDelivery || !activationEnabled) {
      throw new Failure(
        'InvalidState',
        'file.not_offered',
        'Tokens are not taken as files here. Ask your administrator for it.',
      );
    }
    const locked = await lockTokens(tx, [input.tokenId]);
    const token = locked.tokens[0]!;
    if (token.ownerId !== actor.id)
      throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
    requireUsable(token, momentOf(deps.clock).day);
    const owner = locked.users.get(actor.id)!;
    const { distribution: waiting, profile } = await waitingFile(tx, token);
    const checks = new FieldChecks();
    const password = filePasswordOf(checks, input, owner);
    checks.done();
    const [distribution] = await tx
      .update(distributions)
      .set({ state: 'DELIVERED', filePasswordRule: input.filePasswordRule ?? 'NONE' })
      .where(eq(distributions.id, waiting.id))
      .returning();
    const delivered = await deliverSeed(tx, deps, {
      token,
      owner,
      profile,
      distribution: distribution!,
      nickname: token.nickname,
      password,
    });
    await recordAudit(tx, deps, {
      action: 'token.file_taken',
      token,
      targetUser: owner,
      details: { profile: profile.name, passwordRule: distribution!.filePasswordRule },
    });
    return delivered;
  });

async function waitingFile(tx: Transaction, token: { id: string; serialNumber: string }) {
  const row = await findDelivery(tx, token.id, ['FILE', 'CTF'], ['PENDING']);
  if (!row) {
    throw new Failure(
      'InvalidState',
      'token.not_distributed',
      'No file waits to be taken for this token. If you took it already and lost it, report the token.',
      { serialNumber: token.serialNumber },
    );
  }
  return { distribution: row.distribution, profile: { ...row.profile, definition: row.definition } };
}
