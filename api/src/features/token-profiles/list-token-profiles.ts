import { type Connection, type PageArgs, pageOf } from '../../db/keyset.ts';
import type { Deps } from '../../lib/deps.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

/** Token profiles by name, without case; retired ones too. */
export const listTokenProfiles = (deps: Deps, args: PageArgs): Promise<Connection<TokenProfileRow>> =>
  pageOf(deps, { table: tokenProfiles, key: 'nameKey', direction: 'asc' }, args);
