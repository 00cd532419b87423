import { builder } from '../../graphql/builder.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { discardUpload, listOpenUploads } from './open-uploads.ts';
import { File } from './file-type.ts';
import { type ClaimedFile, claimFile } from './one-time-file.ts';
import type { FileRow } from './table.ts';

builder.queryField('uploads', (t) =>
  t.field({
    type: [File],
    permission: 'TOKENS_MANAGE',
    description:
      'One’s own uploads that no import has taken yet, newest first. Five at most; each is gone after a day.',
    resolve: (_root, _args, { deps }) => listOpenUploads(deps),
  }),
);

mutation<{ file: FileRow }>()('discardUpload', {
  permission: 'TOKENS_MANAGE',
  description: 'Deletes an upload of one’s own that no import has taken.',
  input: (t) => ({ fileId: t.id({ required: true }) }),
  success: (t) => ({ file: t.field({ type: File, resolve: ({ file }) => file }) }),
  failures: ['InvalidInput', 'NotFound'],
  run: async ({ deps }, input) => ({
    file: await discardUpload(deps, { fileId: rowId('File', input.fileId) }),
  }),
});

mutation<ClaimedFile>()('claimFile', {
  permission: 'SIGNED_IN',
  description:
    'Answers the address of a one-time file, once and only to whoever made it. It is fetched from there, with the same session or key, within ten minutes, and is gone then.',
  input: (t) => ({ fileId: t.id({ required: true }) }),
  success: (t) => ({
    url: t.exposeString('url', { description: 'To be fetched once, by GET.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be fetched.' }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: ({ deps }, input) => claimFile(deps, { fileId: rowId('File', input.fileId) }),
});
