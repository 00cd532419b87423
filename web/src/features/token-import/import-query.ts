import type { ImportTokensInput } from '../../gql/graphql';

/** What the tokens of a file are. */
export const seedKinds = ['STOCK', 'IN_USE', 'ELSEWHERE'] as const;
export type SeedKind = (typeof seedKinds)[number];

export const importSteps = ['file', 'what', 'check'] as const;
export type ImportStep = (typeof importSteps)[number];

/** Everything of an import but what is secret: it stands in the address. Passwords are in memory only. */
export type ImportQuery = {
  step?: ImportStep;
  /** Id of the upload. */
  file?: string;
  seeds?: SeedKind;
  overwrite?: boolean;
  assigned?: boolean;
  skipBad?: boolean;
  /** Id of the dry run. */
  job?: string;
};

export type Unlocking = { password: string; deviceId: string };

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 80 ? value : undefined;

/** Reads the address; what it does not know is dropped. */
export function readImportQuery(search: Record<string, unknown>): ImportQuery {
  const given: ImportQuery = {};
  const step = importSteps.find((name) => name === search['step']);
  const seeds = seedKinds.find((name) => name === search['seeds']);
  const file = text(search['file']);
  const job = text(search['job']);
  if (step) given.step = step;
  if (seeds) given.seeds = seeds;
  if (file) given.file = file;
  if (job) given.job = job;
  for (const name of ['overwrite', 'assigned', 'skipBad'] as const) {
    if (search[name] === true) given[name] = true;
  }
  return given;
}

/** What the API is asked for. */
export const inputOf = (
  { file = '', seeds, overwrite, assigned, skipBad }: ImportQuery,
  { password, deviceId }: Unlocking,
  dryRun: boolean,
): ImportTokensInput => ({
  fileId: file,
  password: password || null,
  deviceId: deviceId || null,
  seedsInUse: seeds === 'IN_USE',
  managedElsewhere: seeds === 'ELSEWHERE',
  onDuplicate: overwrite ? 'OVERWRITE' : 'SKIP',
  overwriteAssigned: overwrite === true && assigned === true,
  onBadRow: skipBad ? 'SKIP_ROW' : 'REFUSE_FILE',
  dryRun,
});
