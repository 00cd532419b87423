import type { ActionDeps } from '../../lib/deps.ts';
import { FieldChecks } from '../../lib/failure.ts';
import { changeSettings } from '../settings/change-settings.ts';
import { readSettings, type Settings } from '../settings/read-settings.ts';
import { wakeWaitingRequests } from './wake-waiting-requests.ts';

type PolicyField =
  | 'approvalSteps'
  | 'distributionStep'
  | 'requestDays'
  | 'minimumTokenDays'
  | 'generateTokens'
  | 'generatedTokenDays'
  | 'officeHoursFrom'
  | 'officeHoursTo'
  | 'officeTimeZone';

/** How requests are decided. */
export type WorkflowPolicy = Pick<Settings, PolicyField>;

/**
 * Changes the workflow policy; only what is given. Requests that are under way keep the steps they were made with.
 * @throws Failure InvalidInput
 */
export async function updateWorkflowPolicy(
  deps: ActionDeps,
  input: { [Field in PolicyField]?: WorkflowPolicy[Field] | null | undefined },
): Promise<WorkflowPolicy> {
  const given = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<WorkflowPolicy>;
  return deps.db.transaction(async (tx) => {
    const after = { ...(await readSettings(tx)), ...given };
    new FieldChecks()
      .within(given.approvalSteps, [0, 4], 'approvalSteps', 'approval_steps.range', '0 to 4 approval steps.')
      .within(given.requestDays, [1, 365], 'requestDays', 'request_days.range', '1 to 365 days.')
      .within(
        given.minimumTokenDays,
        [0, 3650],
        'minimumTokenDays',
        'minimum_token_days.range',
        '0 to 3650 days.',
      )
      .within(
        given.generatedTokenDays,
        [30, 3650],
        'generatedTokenDays',
        'generated_token_days.range',
        '30 to 3650 days.',
      )
      .require(
        after.generatedTokenDays >= after.minimumTokenDays,
        'generatedTokenDays',
        'generated_token_days.short',
        'A token that is made must live as long as one that is picked.',
      )
      .within(
        given.officeHoursFrom,
        [0, 23],
        'officeHoursFrom',
        'office_hours.range',
        'A whole hour, 0 to 23.',
      )
      .within(given.officeHoursTo, [1, 24], 'officeHoursTo', 'office_hours.range', 'A whole hour, 1 to 24.')
      .require(
        after.officeHoursFrom < after.officeHoursTo,
        'officeHoursTo',
        'office_hours.order',
        'The end of the office hours comes after their beginning.',
      )
      .require(
        isTimeZone(after.officeTimeZone),
        'officeTimeZone',
        'time_zone.unknown',
        'Choose a time zone like Europe/Berlin.',
      )
      .done();
    const changed = await changeSettings(tx, deps, given);
    await wakeWaitingRequests(tx);
    return changed;
  });
}

const isTimeZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};
