import { eq } from 'drizzle-orm';
import type { GraphQLContext } from '../../graphql/context.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { type FileRow, files, isMaker } from './table.ts';

/** A file, to whoever made it; there is nobody else for whom it is there. */
export async function visibleFile({ viewer, deps }: GraphQLContext, id: string): Promise<FileRow | null> {
  if (!viewer) return null;
  const [row] = await deps.db.select().from(files).where(eq(files.id, id));
  return row && isMaker(viewer, row) ? row : null;
}

export const File = nodeRef<FileRow>('File', visibleFile);

File.implement({
  description:
    'An upload, or a file that was made here and can be claimed once. Seen by whoever brought or made it.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As it was named where it came from, or is to be saved.' }),
    mediaType: t.exposeString('mediaType', { description: 'As in the header Content-Type.' }),
    size: t.exposeInt('size', { description: 'Octets.' }),
    sha256: t.exposeString('sha256', { description: 'Of its octets, in lower-case hex.' }),
    url: t.string({
      nullable: true,
      description: 'Null for one-time files: claim them with `claimFile`.',
      resolve: () => null,
    }),
    isClaimable: t.boolean({
      description: 'A one-time file that nobody has claimed yet, within a day.',
      resolve: ({ kind, state, expiresAt }, _args, { deps }) =>
        kind === 'ONE_TIME' && state === 'READY' && expiresAt > deps.clock.now(),
    }),
  }),
});
