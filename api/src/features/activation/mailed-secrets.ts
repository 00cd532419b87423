import { eq } from 'drizzle-orm';
import type { Deps } from '../../lib/deps.ts';
import { ctKipUrl } from '../distribution/activation-link.ts';
import { type DistributionRow, distributions } from '../distribution/table.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { stateAt } from './activation-state.ts';
import { ticketOf } from './activation-ticket.ts';
import { activationCodeOf } from './open-activation.ts';
import { type ActivationRow, activations, activationTickets } from './table.ts';

/** What a mail carries that lies nowhere: derived while it is sent. Null when it is valid no longer. */
export async function mailedSecrets(
  deps: Deps,
  mail: { ticketId: string | null; activationId: string | null },
): Promise<Record<string, string> | null> {
  if (mail.ticketId) {
    const [row] = await deps.db
      .select({ activation: activations, spentAt: activationTickets.spentAt })
      .from(activationTickets)
      .innerJoin(activations, eq(activations.id, activationTickets.activationId))
      .where(eq(activationTickets.id, mail.ticketId));
    if (!row || row.spentAt || !isOpen(deps, row.activation)) return null;
    // In the fragment: no server, proxy or scanner of links gets to see it.
    return { activationLink: `${deps.config.publicUrl}/activate#${ticketOf(deps, { id: mail.ticketId })}` };
  }
  if (!mail.activationId) return {};
  const [row] = await deps.db
    .select({
      activation: activations,
      distribution: distributions,
      definition: { codeFormat: deviceDefinitions.codeFormat, dialect: deviceDefinitions.dialect },
    })
    .from(activations)
    .innerJoin(distributions, eq(distributions.id, activations.distributionId))
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, distributions.profileId))
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(eq(activations.id, mail.activationId));
  if (!row || !isOpen(deps, row.activation)) return null;
  const code = activationCodeOf(
    deps,
    row.activation,
    codeKindOf(row.distribution, row.definition.codeFormat),
  );
  return code ? { ctKipUrl: ctKipUrl(deps, row.definition), activationCode: code } : null;
}

/** How an activation's code is made: as its URL distribution says, else as the device type wants it. */
export const codeKindOf = (
  { deliveryMethod, codeKind }: Pick<DistributionRow, 'deliveryMethod' | 'codeKind'>,
  codeFormat: 'DIGITS' | 'OCTETS',
) => (deliveryMethod === 'CT_KIP_URL' && codeKind ? codeKind : codeFormat);

const isOpen = ({ clock }: Deps, activation: ActivationRow): boolean =>
  ['OPEN', 'CONTACTED'].includes(stateAt(activation, clock.now()));
