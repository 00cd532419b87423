import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { codeLookup } from '../activation/activation-code.ts';
import { activationCodeOf, newestActivation } from '../activation/open-activation.ts';
import {
  type DistributeTokenInput,
  type Distributed,
  type Profile,
  showsCode,
  showsNothing,
} from './distribute-token.ts';
import { normalDeviceId } from './device-binding.ts';
import { files } from '../files/table.ts';
import { distributions } from './table.ts';

/**
 * What this person's earlier call with the same idempotency key was answered, or undefined when there was none. So a
 * client that lost an answer asks again and does no harm. The caller has locked the token.
 * @throws Failure Conflict when the key was used for something else, or what it made has ended since
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
  const same =
    former.tokenId === input.tokenId &&
    former.profileId === input.profileId &&
    former.deviceBinding === (input.deviceBinding ?? 'CLASS') &&
    (former.filePasswordRule ?? 'NONE') === (input.filePasswordRule ?? 'NONE') &&
    (former.boundDeviceId ?? '') === normalDeviceId(input.deviceId ?? '') &&
    (input.activationCodeKind
      ? former.codeKind === input.activationCodeKind
      : former.codeKind !== 'OWN' && former.codeKind !== 'LONG');
  if (!same) throw keyUsedOtherwise();
  if (former.deliveryMethod === 'FILE' && former.fileId) {
    const [file] = await tx.select().from(files).where(eq(files.id, former.fileId));
    return { ...showsNothing(former), file: file ?? null };
  }
  if (former.deliveryMethod !== 'CT_KIP_URL') return showsNothing(former);
  const activation = await newestActivation(tx, former.id);
  if (former.codeKind === 'OWN' && !isCodeOf(deps, activation, input.ownActivationCode ?? ''))
    throw keyUsedOtherwise();
  const code =
    activation && former.codeKind && former.state === 'PENDING'
      ? (activationCodeOf(deps, activation, former.codeKind) ?? input.ownActivationCode ?? undefined)
      : undefined;
  return code ? showsCode(tx, deps, former, profile, code) : showsNothing(former);
}

/** The refusal of a key that stands for something else. */
export const keyUsedOtherwise = () =>
  new Failure(
    'Conflict',
    'idempotency_key.other_input',
    'This idempotency key was used for another distribution. Use a new one.',
  );

const isCodeOf = (deps: ActionDeps, activation: { codeLookup: Uint8Array } | undefined, code: string) =>
  activation !== undefined &&
  Buffer.from(codeLookup(deps.vault, 'OWN', code)).equals(Buffer.from(activation.codeLookup));
