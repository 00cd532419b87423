import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { requirePermission } from '../../graphql/permission-plugin.ts';
import { File } from '../files/file-type.ts';
import type { FileRow } from '../files/table.ts';
import { exportTokens } from './export-tokens.ts';

const ExportFormat = builder.enumType('ExportFormat', {
  description: 'What tokens are written into.',
  values: valuesOf<'PSKC' | 'SDTID'>({
    PSKC: 'TOTP tokens, by RFC 6030: AES-256 under a key made of the password.',
    SDTID: 'SECURID tokens, as a batch.',
  }),
});

mutation<{ file: FileRow }>()('exportTokens', {
  permission: 'TOKENS_EXPORT',
  description:
    'Writes tokens with their seeds into an encrypted file, to be claimed once. Whoever has file and password has the tokens. For a Super Admin in person; no API key does it.',
  input: (t) => ({
    tokenIds: t.idList({ required: true, description: 'Ids of 1 to 1000 tokens of one algorithm.' }),
    format: t.field({ type: ExportFormat, required: true, description: 'PSKC for TOTP, SDTID for SECURID.' }),
    password: t.string({
      required: true,
      description: 'Of the file: 12 to 32 characters. Kept nowhere.',
    }),
  }),
  success: (t) => ({ file: t.field({ type: File, resolve: ({ file }) => file }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: async (context, { tokenIds, format, password }) => {
    requirePermission(context, 'IN_PERSON');
    const ids = tokenIds.map((id) => rowId('Token', String(id)));
    return { file: await exportTokens(context.deps, { tokenIds: ids, format, password }) };
  },
});
