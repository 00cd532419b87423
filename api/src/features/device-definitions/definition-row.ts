import type { Deps } from '../../lib/deps.ts';
import { newId } from '../../lib/random.ts';
import { parseDeviceDefinition } from './parse-device-definition.ts';
import type { DeviceDefinitionRow } from './table.ts';

/** How device types are compared: without case. */
export const deviceTypeKey = (deviceType: string): string => deviceType.toLowerCase();

/** The row of a definition file. @throws Failure BadFile */
export function definitionRow(deps: Deps, source: string, shipped: boolean): DeviceDefinitionRow {
  const definition = parseDeviceDefinition(source);
  return {
    ...definition,
    id: newId(deps),
    deviceTypeKey: deviceTypeKey(definition.deviceType),
    shipped,
    source,
    createdAt: deps.clock.now(),
  };
}
