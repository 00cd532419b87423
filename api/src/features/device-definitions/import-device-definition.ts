import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { definitionRow } from './definition-row.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from './table.ts';

/**
 * Adds a device type from its definition file (`docs/device-definition.md`).
 * @param input.definition XML, at most 256 KiB
 * @throws Failure InvalidInput · BadFile with line and reason · Conflict `device_definition.exists`
 */
export async function importDeviceDefinition(
  deps: ActionDeps,
  input: { definition: string },
): Promise<DeviceDefinitionRow> {
  new FieldChecks()
    .require(input.definition.trim() !== '', 'definition', 'definition.empty', 'Choose a definition file.')
    .done();
  const row = definitionRow(deps, input.definition, false);
  return deps.db.transaction(async (tx) => {
    const [imported] = await tx.insert(deviceDefinitions).values(row).onConflictDoNothing().returning();
    if (!imported) {
      throw new Failure(
        'Conflict',
        'device_definition.exists',
        `There is a device type ${row.deviceType} already. Give this one another deviceType, for example «${row.deviceType} (2)».`,
        { deviceType: row.deviceType },
      );
    }
    await recordAudit(tx, deps, {
      action: 'device_definition.imported',
      details: { deviceType: row.deviceType, deliveryMethods: row.deliveryMethods.join(' ') },
    });
    return imported;
  });
}
