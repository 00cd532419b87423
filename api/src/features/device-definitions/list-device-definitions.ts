import { count } from 'drizzle-orm';
import { type Connection, connectionOf, type PageArgs, planPage } from '../../db/keyset.ts';
import type { Deps } from '../../lib/deps.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from './table.ts';

/** Device definitions by device type, without case. */
export async function listDeviceDefinitions(
  deps: Deps,
  args: PageArgs,
): Promise<Connection<DeviceDefinitionRow>> {
  const plan = planPage(deviceDefinitions.deviceTypeKey, 'asc', args);
  const rows = await deps.db
    .select()
    .from(deviceDefinitions)
    .where(plan.where)
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return connectionOf(
    plan,
    args,
    rows,
    (row) => row.deviceTypeKey,
    async () => {
      const [row] = await deps.db.select({ count: count() }).from(deviceDefinitions);
      return row!.count;
    },
  );
}
