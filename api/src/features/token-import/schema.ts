import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { Job } from '../jobs/job-type.ts';
import type { JobRow } from '../jobs/table.ts';
import { importTokens } from './import-tokens.ts';

const DuplicatePolicy = builder.enumType('DuplicatePolicy', {
  description: 'What becomes of a token in the file whose serial number is here already, with another seed.',
  values: valuesOf<'SKIP' | 'OVERWRITE'>({
    SKIP: 'What is here stays.',
    OVERWRITE:
      'The file’s takes its place; what is here is taken from its owner. Never for administrators’ tokens, and for assigned ones only with `overwriteAssigned`.',
  }),
});
const BadRowPolicy = builder.enumType('BadRowPolicy', {
  description: 'What one row that is wrong in itself means.',
  values: valuesOf<'REFUSE_FILE' | 'SKIP_ROW'>({
    REFUSE_FILE: 'Nothing of the file is imported.',
    SKIP_ROW: 'The row is left out and written into the job’s log.',
  }),
});

mutation<{ job: JobRow }>()('importTokens', {
  permission: 'TOKENS_MANAGE',
  description:
    'Takes the tokens of an upload (POST /files) into the stock, as a job. Formats: SDTID, CTF, PSKC, otpauth links, CSV; told by content.',
  input: (t) => ({
    fileId: t.id({ required: true, description: 'What POST /files answered.' }),
    password: t.string({
      description: 'Of the file, where it has one; or the key of a PSKC file, in hexadecimal digits.',
    }),
    deviceId: t.string({ description: 'Of a CTF string that is bound to a device.' }),
    onDuplicate: t.field({ type: DuplicatePolicy, description: 'Default SKIP.' }),
    overwriteAssigned: t.boolean({
      description:
        'With OVERWRITE: also tokens that are assigned or in use, never those of administrators. They are taken from their owners.',
    }),
    onBadRow: t.field({
      type: BadRowPolicy,
      description:
        'Default REFUSE_FILE. A kind that is not supported (HOTP) is a skipped row, not a bad one.',
    }),
    seedsInUse: t.boolean({
      description:
        'The seeds are on devices already (migration, hardware): such a token is ACTIVE as soon as it is assigned.',
    }),
    managedElsewhere: t.boolean({
      description:
        'Together with seedsInUse: InvalidInput. Distributing such a token: InvalidState; verifyPasscode: REJECTED.',
    }),
    dryRun: t.boolean({ description: 'Only looks; the upload stays.' }),
  }),
  success: (t) => ({ job: t.field({ type: Job, resolve: ({ job }) => job }) }),
  failures: ['InvalidInput', 'NotFound', 'BadFile', 'BadPassword'],
  run: async ({ deps }, input) => ({
    job: await importTokens(deps, { ...input, fileId: rowId('File', input.fileId) }),
  }),
});
