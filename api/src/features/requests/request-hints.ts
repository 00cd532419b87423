import type { TokenView } from '../tokens/token-view.ts';
import type { Settings } from '../settings/read-settings.ts';
import { type Decider, hindranceFor, verbsFor } from './may-decide.ts';
import { waitsFor } from './request-state.ts';
import type { RequestDecisionRow, TokenRequestRow } from './table.ts';

/** A short word beside a request, with what it means. */
export type RequestHint = { code: string; message: string; params: Record<string, string | number> };

/** What hints follow from. */
export type HintFacts = {
  request: TokenRequestRow;
  decisions: readonly RequestDecisionRow[];
  requester: Decider;
  /** All tokens of the requester. */
  owned: readonly TokenView[];
  replaced: TokenView | null;
  /** Everybody who decides requests. */
  deciders: readonly Decider[];
  settings: Settings;
  /** Whether no token is free that fits, and none may be made. */
  isNoneFree: boolean;
};

/** What an approver should know before deciding; nothing once there is nothing to decide. */
export function hintsOf(facts: HintFacts, at: Date): RequestHint[] {
  const { request, decisions, requester, replaced, deciders, settings } = facts;
  if (verbsFor(request, at).length === 0) return [];
  const hints: RequestHint[] = [];
  const hint = (code: string, message: string, params: RequestHint['params'] = {}) =>
    hints.push({ code, message, params });

  const held = facts.owned.filter(({ status }) => ['ACTIVE', 'PENDING', 'ASSIGNED'].includes(status));
  if (held.length === 0 && !replaced) hint('first_request', 'first token');
  if (held.length > 0) hint('has_tokens', `already has ${held.length}`, { count: held.length });
  if (replaced?.status === 'ACTIVE') hint('replaces_active', 'replaces an active token');
  else if (replaced) hint('replaces_stopped', 'replaces a stopped token');
  const isCounted = held.some(({ id }) => id === replaced?.id);
  if (held.length + (isCounted ? 0 : 1) > settings.maxTokensPerUser) {
    hint('over_limit', `over the limit of ${settings.maxTokensPerUser}`, {
      limit: settings.maxTokensPerUser,
    });
  }
  if (!isOfficeTime(request.createdAt, settings)) hint('outside_office_hours', 'asked outside office hours');
  if (facts.isNoneFree) hint('no_token_free', 'no token is free');
  if (!deciders.some((decider) => !hindranceFor(request, decider, requester, decisions, at))) {
    const verb = waitsFor(request, at) === 'APPROVER' ? 'approve' : 'distribute';
    hint('nobody_can_decide', `nobody can ${verb} this`);
  }
  return hints;
}

/** Monday to Friday between the office hours, in the time zone of the settings. */
export function isOfficeTime(at: Date, settings: Settings): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: settings.officeTimeZone,
    weekday: 'short',
    hour: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
  const hour = Number(part('hour'));
  return (
    !['Sat', 'Sun'].includes(part('weekday')) &&
    hour >= settings.officeHoursFrom &&
    hour < settings.officeHoursTo
  );
}
