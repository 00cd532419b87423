import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { definitionRow } from './definition-row.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from './table.ts';

/**
 * Adds a device type from its definition file (`docs/device-definition.md`).
 * @param input.definition XML, at most 256 KiB
 * @throws Failure InvalidInput · BadFile `device_definition.invalid` with line and reason · Conflict
 *   `device_definition.identical`, `device_definition.exists`
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
    if (!imported) throw await conflict(tx, row);
    await recordAudit(tx, deps, {
      action: 'device_definition.imported',
      details: {
        deviceType: row.deviceType,
        deviceClass: row.deviceClass,
        deliveryMethods: row.deliveryMethods.join(' '),
      },
    });
    return imported;
  });
}

async function conflict(tx: Transaction, wanted: DeviceDefinitionRow): Promise<Failure> {
  const [held] = await tx
    .select()
    .from(deviceDefinitions)
    .where(eq(deviceDefinitions.deviceTypeKey, wanted.deviceTypeKey));
  const deviceType = held?.deviceType ?? wanted.deviceType;
  return held?.source === wanted.source
    ? new Failure('Conflict', 'device_definition.identical', `This file is here already, as ${deviceType}.`, {
        deviceType,
      })
    : new Failure(
        'Conflict',
        'device_definition.exists',
        `There is a device type ${deviceType} already. Give this one another deviceType, for example «${deviceType} (2)».`,
        { deviceType },
      );
}
