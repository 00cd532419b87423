import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { activationCodeOf, newestActivation } from '../activation/open-activation.ts';
import {
  type DistributeTokenInput,
  type Distributed,
  type Profile,
  showsCode,
  showsNothing,
} from './distributed.ts';
import { files } from '../files/table.ts';
import { distributions } from './table.ts';

/**
 * What this person's earlier call with the same idempotency key was answered, or undefined when there was none. So a
 * client that lost an answer asks again and does no harm. What has ended since, and a CTF string, is not shown again. The
 * caller has locked the token.
 * @throws Failure Conflict when the key was used with another input
 */
export async function answerAgain(
  tx: Transaction,
  deps: ActionDeps,
  input: DistributeTokenInput,
  profile: Profile,
): Promise<Distributed | undefined> {
  const { idempotencyKey } = input;
  if (!idempotencyKey || deps.actor.kind !== 'user') return undefined;
  const [former] = await tx
    .select()
    .from(distributions)
    .where(and(eq(distributions.createdBy, deps.actor.id), eq(distributions.idempotencyKey, idempotencyKey)));
  if (!former) return undefined;
  if (!former.inputHash || !Buffer.from(former.inputHash).equals(inputHash(deps, input)))
    throw keyUsedOtherwise();
  if (former.state === 'DELIVERED' && former.fileId) {
    const [file] = await tx.select().from(files).where(eq(files.id, former.fileId));
    return { ...showsNothing(former), file: file ?? null };
  }
  if (former.state !== 'PENDING' || former.deliveryMethod !== 'CT_KIP_URL' || !former.codeKind)
    return showsNothing(former);
  const activation = await newestActivation(tx, former.id);
  const code = activation && (activationCodeOf(deps, activation, former.codeKind) ?? input.ownActivationCode);
  return code ? showsCode(tx, deps, former, profile, code) : showsNothing(former);
}

/** By which an input is known again. Keyed, for passwords and codes are part of it. */
export function inputHash({ vault }: Pick<ActionDeps, 'vault'>, input: DistributeTokenInput): Uint8Array {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  return vault.lookupHash(
    'distribution input',
    JSON.stringify(given.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
}

/** The refusal of a key that stands for something else. */
export const keyUsedOtherwise = () =>
  new Failure(
    'Conflict',
    'idempotency_key.other_input',
    'This idempotency key was used for another distribution. Use a new one.',
  );
