import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { deviceDefinitions } from './table.ts';

/**
 * Deletes an imported device type that no profile uses; answers its id.
 * @throws Failure NotFound · InvalidState `device_definition.shipped`, `device_definition.in_use`
 */
export async function deleteDeviceDefinition(
  deps: ActionDeps,
  input: { deviceDefinitionId: string },
): Promise<string> {
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(deviceDefinitions)
      .where(eq(deviceDefinitions.id, input.deviceDefinitionId))
      .for('update');
    if (!row)
      throw new Failure('NotFound', 'device_definition.not_found', 'There is no such device definition.');
    const { deviceType } = row;
    if (row.shipped) {
      throw new Failure(
        'InvalidState',
        'device_definition.shipped',
        `${deviceType} comes with Symbolon and stays.`,
        { deviceType },
      );
    }
    const [user] = await tx
      .select({ name: tokenProfiles.name })
      .from(tokenProfiles)
      .where(eq(tokenProfiles.deviceDefinitionId, row.id))
      .limit(1);
    if (user) {
      throw new Failure(
        'InvalidState',
        'device_definition.in_use',
        `The profile «${user.name}» is for ${deviceType}, which stays as long as that profile is there.`,
        { deviceType, name: user.name },
      );
    }
    await tx.delete(deviceDefinitions).where(eq(deviceDefinitions.id, row.id));
    await recordAudit(tx, deps, { action: 'device_definition.deleted', details: { deviceType } });
    return row.id;
  });
}
