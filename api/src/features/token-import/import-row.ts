import type { FileRow, TokenRecord } from '@symbolon/token-files/token-record';
import type { JobInputs } from '../jobs/create-job.ts';
import type { Step } from '../jobs/progress.ts';
import type { TokenRow } from '../tokens/table.ts';

export type ImportInput = JobInputs['IMPORT_TOKENS'];

/** A row of the file and its place in it, from 1 on. */
export type PlacedRow = { position: number; row: FileRow };

/** A token of the file, and the key that its serial number is found by. */
export type WantedToken = { position: number; line: number; token: TokenRecord; key: string };

/** One that is kept, and the one that it takes the place of. */
export type TakenToken = WantedToken & { former: TokenRow | undefined };

/** What became of a batch; `advanceJob` takes it as it is. */
export type BatchOutcome = Required<Omit<Step, 'position'>>;

/** Serial numbers are compared without case. */
export const keyOf = ({ serialNumber }: { serialNumber: string }): string => serialNumber.toLowerCase();
