import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps, Deps } from '../../lib/deps.ts';
import { invalidInput } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { type CodeKind, codeLookup, deriveActivationCode } from './activation-code.ts';
import { type ActivationRow, activations } from './table.ts';

/** Derived codes meet a live one once in 10⁸ at ten thousand live ones; the second attempt then differs. */
const ATTEMPTS = 5;

export type OpenActivationInput = {
  tokenId: string;
  distributionId: string;
  ownerId: string;
  expiresAt: Date;
  /** Otpauth only: until when its first code may be typed. */
  confirmUntil?: Date;
  /** Masked address, when it is mailed as a link. */
  sentTo?: string;
} & ({ kind: Exclude<CodeKind, 'OWN'> } | { kind: 'OWN'; ownCode: string });

/**
 * Makes an activation and answers its code. The caller has locked the token and ended what was open before.
 * @throws Failure InvalidInput at `ownActivationCode` when that code cannot be had
 */
export async function openActivation(
  tx: Transaction,
  deps: ActionDeps,
  input: OpenActivationInput,
): Promise<{ activation: ActivationRow; code: string }> {
  const id = newId(deps);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const code =
      input.kind === 'OWN'
        ? input.ownCode
        : deriveActivationCode(deps.vault, { activationId: id, attempt, kind: input.kind });
    const [activation] = await tx
      .insert(activations)
      .values({
        id,
        tokenId: input.tokenId,
        distributionId: input.distributionId,
        ownerId: input.ownerId,
        state: 'OPEN',
        codeAttempt: attempt,
        codeLookup: codeLookup(deps.vault, input.kind, code),
        createdAt: deps.clock.now(),
        expiresAt: input.expiresAt,
        sentTo: input.sentTo ?? null,
        confirmUntil: input.confirmUntil ?? null,
      })
      .onConflictDoNothing()
      .returning();
    if (activation) return { activation, code };
    if (input.kind === 'OWN') break;
  }
  // That somebody else has this very code is not told apart from a weak one.
  throw invalidInput({
    path: 'ownActivationCode',
    code: 'activation_code.weak',
    message: 'This code cannot be used. Choose another.',
  });
}

/** The code of an activation again, or undefined for one of the administrator's own choice. */
export function activationCodeOf(
  deps: Pick<Deps, 'vault'>,
  activation: Pick<ActivationRow, 'id' | 'codeAttempt'>,
  kind: CodeKind,
): string | undefined {
  if (kind === 'OWN') return undefined;
  return deriveActivationCode(deps.vault, {
    activationId: activation.id,
    attempt: activation.codeAttempt,
    kind,
  });
}

/** The newest activation of a distribution. */
export async function newestActivation(
  tx: Transaction,
  distributionId: string,
): Promise<ActivationRow | undefined> {
  const rows = await tx.select().from(activations).where(eq(activations.distributionId, distributionId));
  return rows.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
}
