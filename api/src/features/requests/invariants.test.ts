import { CtKipError } from '@symbolon/ct-kip/errors';
import fc from 'fast-check';
import { desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { graphql, PASSWORD, type Person, signIn, startTestApi, type TestApi } from '../../../test/kit.ts';
import { codeOf, scan } from '../../../test/phone.ts';
import { approve, ask, requestScene } from '../../../test/requests-scene.ts';
import { auditEvents } from '../audit/table.ts';
import { countHeld } from '../tokens/lock-tokens.ts';
import { tokens } from '../tokens/table.ts';
import { expireRequests } from './expire-requests.ts';
import { requestDecisions, tokenRequests } from './table.ts';

const LIMIT = 3;
const verbs = ['approveTokenRequest', 'rejectTokenRequest', 'deferTokenRequest'] as const;

let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
let users: Person[];
let deciders: Person[];
let admin: Person;

beforeAll(async () => {
  api = await startTestApi();
  scene = await requestScene(api);
  users = [await scene.person('ulla'), await scene.person('udo')];
  deciders = [
    await scene.person('dina', ['REQUEST_APPROVER']),
    await scene.person('dirk', ['REQUEST_APPROVER', 'TOKEN_DISTRIBUTOR']),
  ];
  admin = await scene.person('root', ['SUPER_ADMIN']);
});
afterAll(() => api.close());

async function signInAgain(person: Person): Promise<void> {
  const cookie = await signIn(api.url, person.userName, PASSWORD);
  Object.assign(person, {
    cookie,
    graphql: (document: string, variables?: object) => graphql(api.url, cookie, document, variables),
  });
}

/** What somebody does; numbers choose among what is there at that moment. */
type Step = { act: string; who: number; which: number; what: number };

const oneOf = <T>(list: readonly T[], number: number): T | undefined =>
  list[number % Math.max(list.length, 1)];
const requestIds = async () =>
  (await api.deps.db.select().from(tokenRequests).orderBy(desc(tokenRequests.id))).map(
    ({ id }) => `TokenRequest_${id}`,
  );
const tokensOf = async (person: Person) =>
  (await api.deps.db.select().from(tokens).where(eq(tokens.ownerId, person.id))).map(
    ({ id }) => `Token_${id}`,
  );

const acts: Record<string, (step: Step) => Promise<unknown>> = {
  ask: ({ who }) => ask(oneOf(users, who)!, scene.qr),
  replace: async ({ who, which }) => {
    const person = oneOf(users, who)!;
    const replacesTokenId = oneOf(await tokensOf(person), which);
    return replacesTokenId && ask(person, scene.qr, { replacesTokenId });
  },
  decide: async ({ who, which, what }) => {
    const requestId = oneOf(await requestIds(), which % 4);
    return requestId && act(oneOf(deciders, who)!, oneOf(verbs, what)!, { requestId });
  },
  approve: async ({ who, which }) => {
    const requestId = oneOf(await requestIds(), which % 4);
    return requestId && approve(oneOf(deciders, who)!, requestId);
  },
  distribute: async ({ which }) => {
    const requestId = oneOf(await requestIds(), which % 4);
    return requestId && act(deciders[1]!, 'distributeTokenRequest', { requestId });
  },
  cancel: async ({ who, which }) => {
    const requestId = oneOf(await requestIds(), which % 4);
    return requestId && act(oneOf(users, who)!, 'cancelTokenRequest', { requestId });
  },
  stock: ({ what }) => scene.stock((what % 3) + 1),
  policy: ({ what }) =>
    scene.policy({
      approvalSteps: what % 3,
      distributionStep: what % 5 === 4,
      generateTokens: what % 7 === 6,
    }),
  work: () => api.work(),
  wait: async ({ what }) => {
    api.clock.advance((what % 10) * 24 * 3600);
    await expireRequests(api.system);
    // Their sessions have ended meanwhile.
    for (const person of [...users, ...deciders, admin]) await signInAgain(person);
  },
  toggle: async ({ who, which, what }) => {
    const tokenId = oneOf(await tokensOf(oneOf(users, who)!), which);
    return tokenId && act(admin, what % 2 ? 'disableTokens' : 'enableTokens', { tokenIds: [tokenId] });
  },
  assign: async ({ who }) => {
    const [free] = await scene.stock(1);
    return act(admin, 'assignTokens', {
      userId: `User_${oneOf(users, who)!.id}`,
      tokenIds: [`Token_${free!.id}`],
    });
  },
  unassign: async ({ who, which }) => {
    const tokenId = oneOf(await tokensOf(oneOf(users, who)!), which);
    return tokenId && act(admin, 'unassignTokens', { tokenIds: [tokenId] });
  },
  report: async ({ who, which, what }) => {
    const person = oneOf(users, who)!;
    const tokenId = oneOf(await tokensOf(person), which);
    return (
      tokenId &&
      act(person, 'reportToken', { tokenId, problem: what % 2 ? 'LOST' : 'BROKEN', profileId: scene.qr })
    );
  },
  activate: async ({ who, which }) => {
    const person = oneOf(users, who)!;
    const tokenId = oneOf(await tokensOf(person), which);
    if (!tokenId) return;
    const started = await act(person, 'startActivation', { tokenId }, 'link');
    if (!started.link) return;
    // Somebody may stop the token at this very moment; then its phone is refused.
    const taken = await scan(api.url, started.link).catch((error: unknown) => {
      if (error instanceof CtKipError) return undefined;
      throw error;
    });
    if (!taken) return;
    const passcode = codeOf(taken, api.deps.clock.now());
    await act(
      person,
      'verifyPasscode',
      { target: { serialNumber: taken.serialNumber }, passcode },
      'outcome',
    );
  },
};

const steps = fc.array(
  fc.record({
    act: fc.constantFrom(...Object.keys(acts)),
    who: fc.nat(7),
    which: fc.nat(50),
    what: fc.nat(50),
  }),
  { minLength: 15, maxLength: 30 },
);

const step = (name: string, who = 0, what = 0, which = 0): Step => ({ act: name, who, which, what });

/** One history that is told anew each time, so that every ending is met: alone, each step, for `wait` is never paired. */
const toldHistory: Step[] = [
  step('policy'),
  step('stock', 0, 1),
  step('ask'),
  step('activate'),
  step('replace'),
  step('activate'),
  step('activate', 0, 0, 1),
  // Nothing is left: udo's waits, and is over the limit when there is stock again.
  step('ask', 1),
  step('assign', 1),
  step('assign', 1),
  step('assign', 1),
  step('stock'),
  step('work'),
  ...[0, 1, 2].map((which) => step('unassign', 1, 0, which)),
  ...[0, 1, 2].map(() => step('unassign', 1)),
  step('policy', 0, 1),
  step('ask', 1),
  step('cancel', 1),
  step('ask', 1),
  step('decide', 0, 1),
  step('ask', 1),
  ...[0, 1, 2, 3, 4].map(() => step('wait', 0, 9)),
].flatMap((one) => [one, step('wait')]);

/** Two neighbours at the same time, as in life; time itself passes for all. */
async function run(all: readonly Step[]): Promise<void> {
  for (let at = 0; at < all.length; ) {
    const pair = all.slice(at, at + 2);
    const together = pair.some((step) => step.act === 'wait') ? pair.slice(0, 1) : pair;
    at += together.length;
    const answers = await Promise.all(together.map((step) => acts[step.act]!(step)));
    for (const answer of answers) {
      expect((answer as { refused?: string } | undefined)?.refused).toBeUndefined();
    }
  }
}

async function check(): Promise<void> {
  const { db } = api.deps;
  for (const { id, userName } of users) {
    const held = await db.transaction((tx) => countHeld(tx, api.deps, id));
    expect(held, `tokens of ${userName}`).toBeLessThanOrEqual(LIMIT);
  }
  const requests = await db.select().from(tokenRequests);
  const decisions = await db.select().from(requestDecisions);
  for (const request of requests) {
    const own = decisions.filter(({ requestId, verb }) => requestId === request.id && verb !== 'DEFER');
    expect(new Set(own.map(({ step }) => step)).size, 'one decision a step').toBe(own.length);
    const approvers = own.filter(({ verb }) => verb === 'APPROVE').map(({ byId }) => byId);
    expect(new Set(approvers).size, 'each by a different approver').toBe(approvers.length);
    expect(approvers).not.toContain(request.requesterId);
    if (['APPROVED', 'WAITING_FOR_TOKEN', 'COMPLETED'].includes(request.status)) {
      expect(approvers).toHaveLength(request.approvalSteps);
    }
    const [log] = await db
      .select({ actions: sql<string[]>`array_agg(${auditEvents.action})` })
      .from(auditEvents)
      .where(sql`${auditEvents.details} ->> 'request' = ${request.id}`);
    const ended: Record<string, string> = {
      REJECTED: 'request.rejected',
      CANCELLED: 'request.cancelled',
      EXPIRED: 'request.expired',
      FAILED: 'request.failed',
      COMPLETED: 'request.completed',
      DEFERRED: 'request.deferred',
      WAITING_FOR_TOKEN: 'request.waiting_for_token',
    };
    expect(log!.actions).toContain('request.submitted');
    if (ended[request.status]) expect(log!.actions).toContain(ended[request.status]);
    if (request.tokenId) expect(log!.actions).toContain('request.distributed');
    const logged = (action: string) => log!.actions.filter((one) => one === action).length;
    const decided = (verb: string) =>
      decisions.filter((one) => one.requestId === request.id && one.verb === verb).length;
    expect(logged('request.approved'), 'every approval is logged').toBe(decided('APPROVE'));
    expect(logged('request.deferred'), 'every deferral is logged').toBe(decided('DEFER'));
    expect(logged('request.distributed'), 'a token is given once').toBe(request.tokenId ? 1 : 0);
    const endings = ['rejected', 'cancelled', 'expired', 'failed', 'completed'];
    const ends = endings.reduce((sum, end) => sum + logged(`request.${end}`), 0);
    expect(ends, 'a request ends once').toBe(request.endedAt ? 1 : 0);
  }
  // A token was given for one request only, as long as that is not over; a token is replaced once.
  const given = requests.flatMap(({ tokenId, status }) =>
    tokenId && status === 'APPROVED' ? [tokenId] : [],
  );
  expect(new Set(given).size).toBe(given.length);
  const all = await db.select().from(tokens);
  for (const replaced of all.filter(({ replacedAt }) => replacedAt)) {
    const log = await db
      .select()
      .from(auditEvents)
      .where(sql`${auditEvents.tokenId} = ${replaced.id} AND ${auditEvents.action} = 'token.replaced'`);
    expect(log, 'replaced once').toHaveLength(1);
    const confirmed = await db
      .select()
      .from(auditEvents)
      .where(
        sql`${auditEvents.action} = 'activation.confirmed' AND ${auditEvents.serialNumber} = ${log[0]!.details['by']}
          AND ${auditEvents.requestId} = ${log[0]!.requestId}`,
      );
    expect(confirmed, 'replaced by the proof of another, never before').toHaveLength(1);
  }
}

it('whatever people do in whatever order, limits, steps, owners and the audit log hold', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      await run(all);
      await check();
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 40), examples: [[toldHistory]], endOnFailure: true },
  );
  // What was never reached was never proved.
  const statuses = new Set((await api.deps.db.select().from(tokenRequests)).map(({ status }) => status));
  for (const status of ['REJECTED', 'CANCELLED', 'EXPIRED', 'FAILED', 'COMPLETED'] as const) {
    expect(statuses).toContain(status);
  }
  const replaced = (await api.deps.db.select().from(tokens)).filter(({ replacedAt }) => replacedAt);
  expect(replaced.length).toBeGreaterThan(0);
});
