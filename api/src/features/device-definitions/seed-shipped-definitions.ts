import { readdirSync, readFileSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { definitionRow } from './definition-row.ts';
import { deviceDefinitions } from './table.ts';

const folder = new URL('./shipped/', import.meta.url);

/**
 * Makes sure that the definitions that come with Symbolon are there, as this version has them. One that an
 * administrator imported under the same name is left alone. Any number of instances may do this at once.
 */
export async function ensureShippedDefinitions(deps: ActionDeps): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.xml'));
  for (const file of files.toSorted()) {
    const row = definitionRow(deps, readFileSync(new URL(file, folder), 'utf8'), true);
    const { id: _, createdAt: __, ...content } = row;
    await deps.db
      .insert(deviceDefinitions)
      .values(row)
      .onConflictDoUpdate({
        target: deviceDefinitions.deviceTypeKey,
        set: content,
        setWhere: eq(deviceDefinitions.shipped, true),
      });
  }
}
