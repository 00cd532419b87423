import type { GraphQLContext } from '../../graphql/context.ts';
import { permissionsOf } from '../../auth/permissions.ts';
import { readSettings, type Settings } from '../settings/read-settings.ts';
import { isNoneFree } from './decide-requests.ts';
import { type DeciderRow, listDeciders } from './deciders.ts';
import { hindranceFor, verbsFor } from './may-decide.ts';
import { waitsFor } from './request-state.ts';
import type { RequestDecisionRow, TokenRequestRow } from './table.ts';

/** A short word beside a request, with what it means. */
export type RequestHint = { code: string; message: string; params: Record<string, string | number> };

/** What is the same for all requests of one answer. */
type Common = { settings: Settings; deciders: DeciderRow[]; noneFree: Map<string, Promise<boolean>> };
const commons = new WeakMap<GraphQLContext, Promise<Common>>();

function commonOf(context: GraphQLContext): Promise<Common> {
  const load = async () => ({
    settings: await readSettings(context.deps.db),
    deciders: await listDeciders(context.deps.db),
    noneFree: new Map<string, Promise<boolean>>(),
  });
  const known = commons.get(context) ?? load();
  commons.set(context, known);
  return known;
}

/** Forgets what was loaded for an answer; a subscription gives many. */
export const forgetHints = (context: GraphQLContext): void => void commons.delete(context);

/** What an approver should know before deciding. */
export async function hintsFor(
  context: GraphQLContext,
  request: TokenRequestRow,
  decisions: readonly RequestDecisionRow[],
): Promise<RequestHint[]> {
  const at = context.deps.clock.now();
  if (verbsFor(request, at).length === 0) return [];
  const common = await commonOf(context);
  const { settings, deciders } = common;
  const hints: RequestHint[] = [];
  const hint = (code: string, message: string, params: RequestHint['params'] = {}) =>
    hints.push({ code, message, params });

  const held = (await context.loaders.tokensOf.load(request.requesterId)).filter(({ status }) =>
    ['ACTIVE', 'PENDING', 'ASSIGNED'].includes(status),
  );
  const replaced = request.replacesTokenId ? await context.loaders.token.load(request.replacesTokenId) : null;
  if (held.length === 0 && !replaced) hint('first_request', 'first token');
  if (held.length > 0) hint('has_tokens', `already has ${held.length}`, { count: held.length });
  if (replaced?.status === 'ACTIVE') hint('replaces_active', 'replaces an active token');
  else if (replaced) hint('replaces_stopped', 'replaces a stopped token');
  const isCounted = replaced !== null && held.some(({ id }) => id === replaced.id);
  if (held.length + (isCounted ? 0 : 1) > settings.maxTokensPerUser) {
    hint('over_limit', `over the limit of ${settings.maxTokensPerUser}`, {
      limit: settings.maxTokensPerUser,
    });
  }
  if (!isOfficeTime(request.createdAt, settings)) hint('outside_office_hours', 'asked outside office hours');
  const noneFree = common.noneFree.get(request.profileId) ?? isNoneFree(context.deps, request.profileId);
  common.noneFree.set(request.profileId, noneFree);
  if (await noneFree) hint('no_token_free', 'no token is free');
  const requester = await requesterOf(context, request);
  if (!deciders.some((decider) => !hindranceFor(request, decider, requester, decisions, at))) {
    hint(
      'nobody_can_decide',
      waitsFor(request, at) === 'APPROVER' ? 'nobody can approve this' : 'nobody can distribute this',
    );
  }
  return hints;
}

/** What the viewer may do with a request now, and why not. */
export async function powersOver(
  context: GraphQLContext,
  request: TokenRequestRow,
  decisions: readonly RequestDecisionRow[],
) {
  const at = context.deps.clock.now();
  const verbs = verbsFor(request, at);
  if (verbs.length === 0 || !context.viewer) return { verbs: [], whyNot: null };
  const requester = await requesterOf(context, request);
  const hindrance = hindranceFor(request, context.viewer, requester, decisions, at);
  return hindrance ? { verbs: [], whyNot: hindrance.message } : { verbs, whyNot: null };
}

const requesterOf = async ({ loaders }: GraphQLContext, { requesterId }: TokenRequestRow) => ({
  id: requesterId,
  permissions: permissionsOf(await loaders.roles.load(requesterId)),
});

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
