import { type Connection, type PageArgs, pageOf } from '../../db/keyset.ts';
import type { Deps } from '../../lib/deps.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from './table.ts';

/** Device definitions by device type, without case. */
export const listDeviceDefinitions = (deps: Deps, args: PageArgs): Promise<Connection<DeviceDefinitionRow>> =>
  pageOf(deps, { table: deviceDefinitions, key: 'deviceTypeKey', direction: 'asc' }, args);
