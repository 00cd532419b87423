import { asc, sql } from 'drizzle-orm';
import { auditEvents } from '../src/features/audit/table.ts';
import { act } from './act.ts';
import { graphql, PASSWORD, type Person, signIn, type TestApi } from './kit.ts';
import { codeOf, scan } from './phone.ts';

const SEEN = `id status kind waitsFor failure endedAt whyNot mayDecide approvalSteps approvalsGiven distributionStep
  deviceBinding deviceId nickname reason replacementReason profile { id } requester { userName }
  token { id serialNumber status expiresOn nickname deviceBinding boundDeviceId profile { id } }
  replaces { serialNumber status } hints { code params { name value } }
  decisions { verb step comment note by { userName email } }`;

/** What a person sees of a request; null for whoever may not look. */
// biome-ignore lint/suspicious/noExplicitAny: tests select what they look at
export async function seen(person: Person, id: string): Promise<any> {
  const { data, errors } = await person.graphql(`query ($id: ID!) { tokenRequest(id: $id) { ${SEEN} } }`, {
    id,
  });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.tokenRequest;
}

/** Ids of the requests that a person gets with this filter, oldest first. */
export async function listed(person: Person, filter: object = {}): Promise<string[]> {
  const { data, errors } = await person.graphql(
    'query ($filter: TokenRequestFilter) { tokenRequests(first: 200, filter: $filter) { nodes { id } } }',
    { filter },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.tokenRequests.nodes.map(({ id }: { id: string }) => id);
}

/** What the audit log tells of a request, oldest first. */
export async function auditOf({ deps }: TestApi, id: string) {
  return deps.db
    .select({ action: auditEvents.action, actor: auditEvents.actorName, details: auditEvents.details })
    .from(auditEvents)
    .where(sql`${auditEvents.details} ->> 'request' = ${id.replace('TokenRequest_', '')}`)
    .orderBy(asc(auditEvents.id));
}

/** The owner's phone takes the token's seed; answers what the phone then knows. */
export async function activate(api: TestApi, owner: Person, tokenId: string) {
  const started = await act(owner, 'startActivation', { tokenId }, 'link');
  if (!started.link) throw new Error(JSON.stringify(started));
  return scan(api.url, started.link);
}

type OnPhone = Awaited<ReturnType<typeof scan>>;

/** The owner types the code that the phone shows: ACCEPTED, REJECTED, … */
export async function prove(api: TestApi, owner: Person, phone: OnPhone): Promise<string> {
  const target = { serialNumber: phone.serialNumber };
  const passcode = codeOf(phone, api.clock.now());
  return (await act(owner, 'verifyPasscode', { target, passcode }, 'outcome')).outcome;
}

/** Activates a token and proves it. */
export async function use(api: TestApi, owner: Person, tokenId: string): Promise<OnPhone> {
  const phone = await activate(api, owner, tokenId);
  const outcome = await prove(api, owner, phone);
  if (outcome !== 'ACCEPTED') throw new Error(`The first code: ${outcome}`);
  return phone;
}

/** The tokens of a person, as they see them. */
export async function tokensOf(person: Person): Promise<{ id: string; status: string }[]> {
  return (await person.graphql('{ viewer { tokens { id status } } }')).data.viewer.tokens;
}

/** Signs in anew where time has ended the session. */
export async function signInAgain(api: TestApi, ...people: Person[]): Promise<void> {
  for (const person of people) {
    const cookie = await signIn(api.url, person.userName, PASSWORD);
    person.cookie = cookie;
    person.graphql = (document, variables) => graphql(api.url, cookie, document, variables);
  }
}

/** Takes away what is free, so that no test lives on another's tokens. */
export async function emptyStock(admin: Person): Promise<void> {
  const { data } = await admin.graphql(
    '{ tokens(first: 200, filter: { status: [UNASSIGNED] }) { nodes { id } } }',
  );
  const tokenIds = data.tokens.nodes.map(({ id }: { id: string }) => id);
  if (tokenIds.length > 0) await act(admin, 'disableTokens', { tokenIds });
}

/** Stops the clock at ten o'clock (UTC) of the next Monday: office time, and no midnight within a test. */
export function stopOnMonday({ clock }: TestApi): void {
  clock.freeze();
  const now = clock.now();
  const day = now.getUTCDate() + 8 - (now.getUTCDay() || 7);
  const monday = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), day, 10);
  clock.advance((monday - now.getTime()) / 1000);
}
