import { securidTokencode } from '@symbolon/tokencode/securid';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { scan } from '../../../test/phone.ts';
import { profiles, START, tokensFor, VERIFY } from '../../../test/scene.ts';
import { plusSeconds } from '../../lib/clock.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { disableTokens } from '../tokens/enable-tokens.ts';
import { tokenSeeds, tokens } from '../tokens/table.ts';
import { verifyPasscode } from './verify-passcode.ts';

let api: TestApi;
let profile: Awaited<ReturnType<typeof profiles>>;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  profile = await profiles(api);
  // The edge of the window must not move while a code is on its way.
  api.clock.freeze();
});
afterAll(() => api.close());

type Phone = Awaited<ReturnType<typeof scan>>;
type Held = { owner: Person; serialNumber: string; tokenId: string; phone: Phone };

/** A person with a token on a phone, not yet confirmed. */
async function held(how: 'qr' | 'url' = 'qr', owner?: Person): Promise<Held> {
  const person = owner ?? (await api.person(`owner${++names}`));
  const [token] = await tokensFor(api, person.id);
  const given = await distributeToken(api.system, { tokenId: token!.id, profileId: profile[how].id });
  const link =
    given.link ?? (await person.graphql(START, { tokenId: `Token_${token!.id}` })).data.startActivation.link;
  const phone = await scan(api.url, link);
  return { owner: person, serialNumber: token!.serialNumber, tokenId: token!.id, phone };
}

/** What the phone shows when its clock is this many intervals ahead. */
const shown = ({ phone }: Held, ahead = 0) =>
  securidTokencode({
    seed: phone.seed,
    serialNumber: phone.serialNumber,
    digits: phone.tokencodeLength as 6 | 8,
    intervalSeconds: phone.tokencodeInterval as 30 | 60,
    at: plusSeconds(api.clock.now(), ahead * phone.tokencodeInterval).getTime() / 1000,
  });
async function verify(token: Held, passcode: string, person = token.owner) {
  const { serialNumber } = token;
  const { data, errors } = await person.graphql(VERIFY, { serialNumber, passcode });
  return errors ? errors[0]!.extensions : data.verifyPasscode.outcome;
}
async function confirmed() {
  const token = await held();
  expect(await verify(token, shown(token))).toBe('ACCEPTED');
  api.clock.advance(60);
  return token;
}
const wrong = (token: Held) => (shown(token, 500) === shown(token) ? '00000000' : shown(token, 500));

describe('the window', () => {
  it.each([-10, -3, 0, 7, 10])('takes a code of %i intervals away', async (ahead) => {
    const token = await held();
    expect(await verify(token, shown(token, ahead))).toBe('ACCEPTED');
  });

  it.each([-71, 71])('takes none of %i intervals away', async (ahead) => {
    const token = await held();
    expect(await verify(token, shown(token, ahead))).toBe('REJECTED');
  });

  it('follows the phone’s clock once it was seen to drift', async () => {
    const token = await held();
    expect(await verify(token, shown(token, 9))).toBe('ACCEPTED');
    expect(await verify(token, shown(token, 19))).toBe('ACCEPTED');
    const [seed] = await api.deps.db.select().from(tokenSeeds).where(eq(tokenSeeds.tokenId, token.tokenId));
    expect(seed!.drift).toBe(19);
    expect(await verify(token, shown(token, 30))).toBe('NEXT_TOKENCODE');
    expect(await verify(token, shown(token, 19 + 71))).toBe('REJECTED');
  });

  it('takes a code with spaces as it is read, and nothing else', async () => {
    const token = await held();
    const code = shown(token);
    expect(await verify(token, ` ${code.slice(0, 4)} ${code.slice(4)} `)).toBe('ACCEPTED');
    expect(await verify(token, '')).toBeUndefined();
    expect(await verify(token, 'x'.repeat(65))).toBeUndefined();
    expect(await verify(token, code.slice(1))).toBe('REJECTED');
  });
});

describe('a code', () => {
  it('counts once, and so does every earlier one', async () => {
    const token = await held();
    const [now, before, after] = [shown(token), shown(token, -1), shown(token, 1)];
    expect(await verify(token, now)).toBe('ACCEPTED');
    expect(await verify(token, now)).toBe('REPLAYED');
    expect(await verify(token, before)).toBe('REPLAYED');
    expect(await verify(token, after)).toBe('ACCEPTED');
    api.clock.advance(300);
    expect(await verify(token, after)).toBe('REPLAYED');
  });

  it('of a person finds the token by the user name', async () => {
    const first = await confirmed();
    const second = await held('qr', first.owner);
    const byName = async (passcode: string, userName = first.owner.userName.toUpperCase()) => {
      const { data } = await first.owner.graphql(
        `mutation ($userName: String!, $passcode: String!) { verifyPasscode(input: { target: { userName: $userName }, passcode: $passcode }) {
          ... on VerifyPasscodeSuccess { outcome token { serialNumber } } } }`,
        { userName, passcode },
      );
      return data.verifyPasscode;
    };
    expect(await byName(shown(second))).toEqual({
      outcome: 'ACCEPTED',
      token: { serialNumber: second.serialNumber },
    });
    expect(await byName(shown(first))).toEqual({
      outcome: 'ACCEPTED',
      token: { serialNumber: first.serialNumber },
    });
    expect(await byName(shown(first, 1), 'nobody-at-all')).toEqual({ outcome: 'REJECTED', token: null });
  });

  it('and the next one, typed at once on two instances, leave one live seed', async () => {
    const other = await api.secondInstance();
    for (let round = 0; round < 8; round += 1) {
      const token = await held();
      const outcomes = await Promise.all(
        [0, 1].map(async (ahead) => {
          const variables = { serialNumber: token.serialNumber, passcode: shown(token, ahead) };
          const { data } = await graphql([api.url, other.url][ahead]!, token.owner.cookie, VERIFY, variables);
          return data.verifyPasscode.outcome;
        }),
      );
      expect(outcomes).toContain('ACCEPTED');
      const seeds = await api.deps.db.select().from(tokenSeeds).where(eq(tokenSeeds.tokenId, token.tokenId));
      expect(seeds.map(({ state }) => state)).toEqual(['LIVE']);
    }
  });
});

describe('REJECTED, whatever the reason, is the answer', () => {
  it('for unknown and foreign tokens', async () => {
    const token = await confirmed();
    const stranger = await api.person(`stranger${++names}`, ['SUPER_ADMIN']);
    expect(await verify(token, shown(token), stranger)).toBe('REJECTED');
    expect(await verify({ ...token, serialNumber: '999999999999' }, shown(token))).toBe('REJECTED');
    expect(await verify(token, shown(token))).toBe('ACCEPTED');
  });

  it('for disabled, expired, lost and replaced tokens', async () => {
    const changes = [
      (id: string) => disableTokens(api.system, { tokenIds: [id] }),
      ...[{ expiresOn: '2020-01-01' }, { lostAt: new Date() }, { replacedAt: new Date() }].map(
        (set) => (id: string) => api.deps.db.update(tokens).set(set).where(eq(tokens.id, id)),
      ),
    ];
    for (const change of changes) {
      const token = await confirmed();
      await change(token.tokenId);
      expect(await verify(token, shown(token))).toBe('REJECTED');
    }
  });
});

describe('a provisional seed from a QR', () => {
  it('is nothing to others, and live once its owner has typed a code', async () => {
    const token = await held();
    const { serialNumber, owner } = token;
    for (const target of [{ serialNumber }, { userName: owner.userName }]) {
      expect(await verifyPasscode(api.system, { target, passcode: shown(token) })).toEqual({
        outcome: 'REJECTED',
        tokenId: null,
      });
    }
    expect(await verify(token, shown(token))).toBe('ACCEPTED');
    expect(
      await verifyPasscode(api.system, { target: { serialNumber }, passcode: shown(token, 1) }),
    ).toMatchObject({ outcome: 'ACCEPTED' });
  });

  it('of a URL is live by the first accepted code from anywhere', async () => {
    const token = await held('url');
    const { serialNumber } = token;
    expect(
      await verifyPasscode(api.system, { target: { serialNumber }, passcode: shown(token) }),
    ).toMatchObject({ outcome: 'ACCEPTED' });
  });
});

describe('from the fifth wrong code in a row on', () => {
  it('the next one waits, 1 s doubling to 15 min; a right one in the wait is not spent', async () => {
    const token = await confirmed();
    for (let at = 0; at < 5; at += 1) expect(await verify(token, wrong(token))).toBe('REJECTED');
    const code = shown(token, 1);
    expect(await verify(token, code)).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    api.clock.advance(1);
    const waits: number[] = [];
    for (let at = 0; at < 11; at += 1) {
      expect(await verify(token, wrong(token))).toBe('REJECTED');
      const { retryAfterSeconds } = await verify(token, code);
      waits.push(retryAfterSeconds);
      api.clock.advance(retryAfterSeconds);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    const next = shown(token);
    expect(await verify(token, next)).toBe('ACCEPTED');
    for (let at = 0; at < 4; at += 1) expect(await verify(token, wrong(token))).toBe('REJECTED');
    expect(await verify(token, shown(token, 1))).toBe('ACCEPTED');
  });

  it('a stranger’s guesses slow nobody else down', async () => {
    const token = await confirmed();
    const stranger = await api.person(`stranger${++names}`);
    for (let at = 0; at < 8; at += 1) expect(await verify(token, wrong(token), stranger)).toBe('REJECTED');
    expect(await verify(token, shown(token))).toBe('ACCEPTED');
  });

  it('a burst of guesses is looked at one by one', async () => {
    const token = await confirmed();
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(token, wrong(token))));
    expect(answers.filter((answer) => answer === 'REJECTED')).toHaveLength(5);
  });
});
