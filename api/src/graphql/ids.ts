import { Failure } from '../lib/failure.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id of an object as the API shows it. */
export const globalId = (typename: string, id: string): string => `${typename}_${id}`;

/** Type name and row id of a global id, or undefined when it is none of ours. */
export function readGlobalId(value: string): { typename: string; id: string } | undefined {
  const at = value.indexOf('_');
  const typename = value.slice(0, Math.max(at, 0));
  const id = value.slice(at + 1);
  const known = typename === 'AuditEvent' ? /^\d{1,18}$/.test(id) : uuid.test(id);
  return known ? { typename, id } : undefined;
}

/** The row id of a `typename`. @throws Failure NotFound when the id is of something else */
export function rowId(typename: string, value: string): string {
  const read = readGlobalId(value);
  if (read?.typename !== typename) {
    throw new Failure(
      'NotFound',
      'object.not_found',
      `There is no ${typename} with the id ${value.slice(0, 80)}.`,
    );
  }
  return read.id;
}
