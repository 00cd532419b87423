import type { ActionDeps } from '../../lib/deps.ts';
import { FieldChecks } from '../../lib/failure.ts';
import { changeSettings } from './change-settings.ts';
import type { Settings } from './read-settings.ts';

/**
 * Changes what is given. A lower limit leaves tokens that are over it alone; it counts at the next assignment.
 * @throws Failure InvalidInput
 */
export async function updateSettings(
  deps: ActionDeps,
  input: {
    maxTokensPerUser?: number | null | undefined;
    takesForeignDocuments?: boolean | null | undefined;
  },
): Promise<Settings> {
  const { maxTokensPerUser, takesForeignDocuments } = input;
  new FieldChecks()
    .within(
      maxTokensPerUser,
      [1, 3],
      'maxTokensPerUser',
      'max_tokens.range',
      'A user may have 1 to 3 tokens.',
    )
    .done();
  return deps.db.transaction((tx) =>
    changeSettings(tx, deps, {
      maxTokensPerUser: maxTokensPerUser ?? undefined,
      takesForeignDocuments: takesForeignDocuments ?? undefined,
    }),
  );
}
