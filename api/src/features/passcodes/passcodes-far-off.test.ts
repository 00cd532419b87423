import { totpCode } from '@symbolon/tokencode/totp';
import { securidTokencode } from '@symbolon/tokencode/securid';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { tokensFor, VERIFY } from '../../../test/scene.ts';
import { plusSeconds, utcDay } from '../../lib/clock.ts';
import { assignTokens } from '../tokens/assign-tokens.ts';
import { generateTokens } from '../tokens/generate-tokens.ts';
import { addProvisionalSeed, confirmSeed } from '../tokens/seeds.ts';
import { tokenSeeds, tokens } from '../tokens/table.ts';
import { auditEvents } from '../audit/table.ts';
import { mails } from '../notifications/table.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { users } from '../users/table.ts';
import { unlockToken } from './unlock-token.ts';
import { verifyPasscode } from './verify-passcode.ts';

let api: TestApi;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  api.clock.freeze();
});
afterAll(() => api.close());

type Held = {
  owner: Person;
  id: string;
  serialNumber: string;
  /** What it shows, so many intervals from now. */
  shown: (ahead?: number) => string;
};

/** A person with a live token of that algorithm. */
async function held(algorithm: 'SECURID' | 'TOTP', hashAlgorithm: 'SHA1' | 'SHA512' = 'SHA1'): Promise<Held> {
  const owner = await api.person(`far${(names += 1)}`);
  const expiresOn = utcDay(plusSeconds(api.clock.now(), 365 * 24 * 3600));
  const [made] =
    algorithm === 'SECURID'
      ? await tokensFor(api, owner.id)
      : await generateTokens(api.system, { count: 1, algorithm, expiresOn });
  if (algorithm === 'TOTP') await assignTokens(api.system, { userId: owner.id, tokenIds: [made!.id] });
  const { id, serialNumber } = made!;
  const seed = new Uint8Array(algorithm === 'SECURID' ? 16 : 20).map(() => names);
  const tokencodeInterval = algorithm === 'SECURID' ? 60 : 30;
  await api.deps.db.transaction(async (tx) => {
    await addProvisionalSeed(tx, api.deps, {
      tokenId: id,
      seed,
      tokencodeLength: 6,
      tokencodeInterval,
      hashAlgorithm: algorithm === 'TOTP' ? hashAlgorithm : null,
      pinStyle: 'NONE',
      confirmation: 'OWNER',
      activationId: null,
      distributionId: null,
      device: null,
      deviceId: null,
    });
    const [row] = await tx.select().from(tokenSeeds).where(eq(tokenSeeds.tokenId, id));
    await confirmSeed(tx, row!, api.clock.now());
  });
  const shown = (ahead = 0) => {
    const at = plusSeconds(api.clock.now(), ahead * tokencodeInterval).getTime() / 1000;
    return algorithm === 'SECURID'
      ? securidTokencode({ seed, serialNumber, digits: 6, intervalSeconds: 60, at })
      : totpCode({ seed, hashAlgorithm, digits: 6, intervalSeconds: 30, at });
  };
  return { owner, id, serialNumber, shown };
}

const verify = async ({ owner, serialNumber }: Held, passcode: string, url = api.url) =>
  (await graphql(url, owner.cookie, VERIFY, { serialNumber, passcode })).data.verifyPasscode.outcome;
/** As a program that may verify anybody's. */
const ask = async ({ serialNumber }: Held, passcode: string) =>
  (await verifyPasscode(api.system, { target: { serialNumber }, passcode })).outcome;
/** A code that the token shows nowhere near. */
const wrong = ({ shown }: Held, at = 0) => {
  const near = new Set(Array.from({ length: 161 }, (_, i) => shown(i - 80)));
  for (let code = at; ; code += 1) {
    const text = String(code).padStart(6, '0');
    if (!near.has(text)) return text;
  }
};

describe.each([
  ['SECURID', 10, 70],
  ['TOTP', 1, 10],
] as const)('%s', (algorithm, narrow, wide) => {
  it(`takes a code of ${narrow} intervals away at once`, async () => {
    const [ahead, behind] = [await held(algorithm), await held(algorithm)];
    expect(await verify(ahead, ahead.shown(narrow))).toBe('ACCEPTED');
    expect(await verify(behind, behind.shown(-narrow))).toBe('ACCEPTED');
  });

  it(`of up to ${wide} wants the next code, too, and learns the drift`, async () => {
    for (const away of [narrow + 1, wide, -wide]) {
      const token = await held(algorithm);
      expect(await verify(token, token.shown(away))).toBe('NEXT_TOKENCODE');
      expect(await verify(token, token.shown(away))).toBe('NEXT_TOKENCODE');
      expect(await verify(token, token.shown(away + 1))).toBe('ACCEPTED');
      const [seed] = await api.deps.db.select().from(tokenSeeds).where(eq(tokenSeeds.tokenId, token.id));
      expect(seed).toMatchObject({ drift: away + 1, awaitedAfterSteps: null, awaitedUntil: null });
      expect(await verify(token, token.shown(away + 1))).toBe('REPLAYED');
      expect(await verify(token, token.shown(away + 2))).toBe('ACCEPTED');
      const ofToken = eq(auditEvents.tokenId, token.id);
      const events = await api.deps.db.select().from(auditEvents).where(ofToken).orderBy(auditEvents.id);
      expect(events.map(({ action }) => action).filter((action) => action.startsWith('passcode.'))).toEqual(
        ['next_asked', 'next_asked', 'accepted', 'rejected', 'accepted'].map((what) => `passcode.${what}`),
      );
    }
    const token = await held(algorithm);
    expect(await verify(token, token.shown(wide + 1))).toBe('REJECTED');
  });

  it('waits for the next code only, five minutes at most, and no longer than until a wrong one', async () => {
    const skipped = await held(algorithm);
    const away = wide - 2;
    expect(await verify(skipped, skipped.shown(away))).toBe('NEXT_TOKENCODE');
    expect(await verify(skipped, skipped.shown(away + 2))).toBe('NEXT_TOKENCODE');
    expect(await verify(skipped, skipped.shown(away + 1))).toBe('NEXT_TOKENCODE');
    expect(await verify(skipped, skipped.shown(away + 2))).toBe('ACCEPTED');

    const mistyped = await held(algorithm);
    expect(await verify(mistyped, mistyped.shown(away))).toBe('NEXT_TOKENCODE');
    expect(await verify(mistyped, wrong(mistyped))).toBe('REJECTED');
    expect(await verify(mistyped, mistyped.shown(away + 1))).toBe('NEXT_TOKENCODE');

    const slow = await held(algorithm);
    const [first, second] = [slow.shown(-wide), slow.shown(1 - wide)];
    expect(await verify(slow, first)).toBe('NEXT_TOKENCODE');
    api.clock.advance(301);
    expect(await verify(slow, second)).toMatch(/NEXT_TOKENCODE|REJECTED/);
  });

  it('of two codes at once on two instances one is taken', async () => {
    const other = await api.secondInstance();
    const token = await held(algorithm);
    expect(await verify(token, token.shown(wide - 1))).toBe('NEXT_TOKENCODE');
    const next = token.shown(wide);
    const outcomes = await Promise.all([verify(token, next), verify(token, next, other.url)]);
    expect(outcomes.toSorted()).toEqual(['ACCEPTED', 'REPLAYED']);
  });
});

it('TOTP of SHA-512 is verified, too', async () => {
  const token = await held('TOTP', 'SHA512');
  expect(await verify(token, token.shown())).toBe('ACCEPTED');
});

describe('a token that programs have tried too often', () => {
  /** Wrong codes by a program, none of which is delayed. */
  async function guess(token: Held, times: number) {
    for (let at = 0; at < times; at += 1) {
      expect(await ask(token, wrong(token))).toBe('REJECTED');
      api.clock.advance(15 * 60 + 1);
    }
  }
  const lockedAt = async ({ id }: Held) =>
    (await api.deps.db.select().from(tokens).where(eq(tokens.id, id)))[0]!.lockedAt;

  it('is locked at the twentieth wrong code within a day, for programs only, and its owner is told', async () => {
    const token = await held('SECURID');
    await api.deps.db.update(users).set({ email: 'o@example.com' }).where(eq(users.id, token.owner.id));
    await guess(token, 19);
    expect(await lockedAt(token)).toBeNull();
    await guess(token, 1);
    expect(await lockedAt(token)).not.toBeNull();
    expect(await ask(token, token.shown())).toBe('LOCKED');
    expect(await ask(token, wrong(token))).toBe('LOCKED');
    const events = await api.deps.db.select().from(auditEvents).where(eq(auditEvents.tokenId, token.id));
    expect(events.filter(({ action }) => action === 'passcode.locked')).toHaveLength(1);
    const sent = await api.deps.db.select().from(mails).where(eq(mails.userId, token.owner.id));
    expect(sent.some(({ event }) => event === 'UNUSUAL_ACTIVITY')).toBe(true);

    expect(await verify(token, wrong(token))).toBe('REJECTED');
    expect(await ask(token, token.shown())).toBe('LOCKED');
    expect(await verify(token, token.shown())).toBe('ACCEPTED');
    expect(await lockedAt(token)).toBeNull();
    expect(await ask(token, token.shown(1))).toBe('ACCEPTED');
    await guess(token, 19);
    expect(await lockedAt(token)).toBeNull();
  });

  it('forgets what is older than a day, and never counts its owner in self-service', async () => {
    const token = await held('SECURID');
    await guess(token, 15);
    api.clock.advance(24 * 3600);
    await guess(token, 19);
    expect(await lockedAt(token)).toBeNull();
    // Their session has ended meanwhile.
    const { id, userName } = token.owner;
    const inPerson: ActionDeps = {
      ...api.system,
      actor: { kind: 'user', id, userName, permissions: new Set() },
    };
    const target = { serialNumber: token.serialNumber };
    for (let at = 0; at < 4; at += 1)
      expect(await verifyPasscode(inPerson, { target, passcode: wrong(token, at) })).toMatchObject({
        outcome: 'REJECTED',
      });
    expect(await lockedAt(token)).toBeNull();
  });

  it('is freed by the help desk, which nobody does for themselves or for who may do more', async () => {
    const token = await held('SECURID');
    await guess(token, 20);
    const unlock = async (person: Person) => {
      const { data, errors } = await person.graphql(
        `mutation ($tokenId: ID!) { unlockToken(input: { tokenId: $tokenId }) {
          __typename ... on UserError { code } ... on UnlockTokenSuccess { token { lockedAt } } } }`,
        { tokenId: `Token_${token.id}` },
      );
      return errors?.[0]!.extensions.code ?? data.unlockToken.code ?? data.unlockToken.token.lockedAt;
    };
    expect(await unlock(token.owner)).toBe('FORBIDDEN');
    const desk = await api.person(`desk${names}`, ['HELP_DESK']);
    expect(await unlock(desk)).toBeNull();
    expect(await unlock(desk)).toBe('token.not_locked');
    expect(await ask(token, token.shown())).toBe('ACCEPTED');
    const events = await api.deps.db.select().from(auditEvents).where(eq(auditEvents.tokenId, token.id));
    expect(
      events.some(({ action, actorName }) => action === 'passcode.unlocked' && actorName === desk.userName),
    ).toBe(true);
    await expect(unlockToken(api.system, { tokenId: token.id })).rejects.toMatchObject({
      code: 'token.not_locked',
    });
  });

  it('hides nothing of the others that a person has', async () => {
    const token = await held('SECURID');
    await guess(token, 20);
    const target = { userName: token.owner.userName };
    expect((await verifyPasscode(api.system, { target, passcode: token.shown() })).outcome).toBe('LOCKED');
    expect(
      (await verifyPasscode(api.system, { target: { userName: 'nobody' }, passcode: '123456' })).outcome,
    ).toBe('REJECTED');
  });
});
