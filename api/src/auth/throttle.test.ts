import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postAuth } from '../../test/auth.ts';
import { PASSWORD, startTestApi, type TestApi } from '../../test/kit.ts';

let api: TestApi;
/** An instance behind a proxy on this machine: what X-Forwarded-For says is believed. */
let proxied: { url: string };
beforeAll(async () => {
  api = await startTestApi();
  proxied = await api.secondInstance({ TRUSTED_PROXIES: '127.0.0.1' });
  await api.person('alice');
  await api.person('bob');
  api.clock.freeze();
});
afterAll(() => api.close());
// Yesterday's failures count no more.
beforeEach(() => api.clock.advance(25 * 3600));

const WRONG = 'wrong-password-1';
const tryFrom = (address: string, username: string, password: string) =>
  postAuth(proxied.url, 'sign-in/username', { username, password }, { 'X-Forwarded-For': address });

async function failures(count: number, address: string, username: string) {
  for (let at = 0; at < count; at += 1) {
    expect((await tryFrom(address, username, WRONG)).status).toBe(401);
  }
}

describe('ten failures for one account from one address', () => {
  it('delay the next attempt, the right password too, until the wait is over', async () => {
    await failures(10, '10.0.0.1', 'alice');
    const answer = await tryFrom('10.0.0.1', 'alice', PASSWORD);
    expect(answer).toMatchObject({
      status: 429,
      body: { code: 'sign_in.throttled', retryAfterSeconds: 1 },
    });
    expect(answer.headers.get('retry-after')).toBe('1');
    api.clock.advance(1);
    expect((await tryFrom('10.0.0.1', 'alice', PASSWORD)).status).toBe(200);
  });

  it('delay longer with each further one, up to 15 minutes', async () => {
    await failures(10, '10.0.0.2', 'alice');
    const waits: number[] = [];
    for (let at = 0; at < 12; at += 1) {
      const { body } = await tryFrom('10.0.0.2', 'alice', WRONG);
      waits.push(body.retryAfterSeconds);
      api.clock.advance(body.retryAfterSeconds);
      expect((await tryFrom('10.0.0.2', 'alice', WRONG)).status).toBe(401);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('are one customer’s, whichever of the addresses of an IPv6 network they come from', async () => {
    for (let at = 1; at <= 10; at += 1) await failures(1, `2001:db8:7:8:${at}::${at}`, 'alice');
    expect((await tryFrom('2001:db8:7:8:ffff::1', 'alice', PASSWORD)).status).toBe(429);
    expect((await tryFrom('2001:db8:7:9::1', 'alice', PASSWORD)).status).toBe(200);
  });

  it('are counted without case, and on all instances together', async () => {
    await failures(5, '127.0.0.1', 'alice');
    for (let at = 0; at < 5; at += 1) {
      const given = { username: 'ALICE', password: WRONG };
      expect((await postAuth(api.url, 'sign-in/username', given)).status).toBe(401);
    }
    expect((await tryFrom('127.0.0.1', 'Alice', PASSWORD)).status).toBe(429);
  });

  it('touch neither another account nor another address', async () => {
    await failures(10, '10.0.0.3', 'alice');
    expect((await tryFrom('10.0.0.3', 'bob', PASSWORD)).status).toBe(200);
    expect((await tryFrom('10.0.0.4', 'alice', PASSWORD)).status).toBe(200);
    expect((await tryFrom('10.0.0.3', 'alice', PASSWORD)).status).toBe(429);
  });

  it('are forgotten after a success', async () => {
    await failures(9, '10.0.0.5', 'alice');
    expect((await tryFrom('10.0.0.5', 'alice', PASSWORD)).status).toBe(200);
    await failures(9, '10.0.0.5', 'alice');
    expect((await tryFrom('10.0.0.5', 'alice', PASSWORD)).status).toBe(200);
  });

  it('are met by a parallel burst, too', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => tryFrom('10.0.0.6', 'alice', WRONG)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
  });

  it('hold for changing the password, whose present one could be guessed', async () => {
    const user = await api.person('carol');
    const guess = { currentPassword: WRONG, newPassword: 'whatever-it-is-9' };
    const change = () => postAuth(api.url, 'change-password', guess, { Cookie: user.cookie });
    for (let at = 0; at < 10; at += 1) expect((await change()).status).toBe(400);
    expect((await change()).status).toBe(429);
  });
});

describe('a hundred failures an hour from one address', () => {
  it('delay every account from there, and nobody elsewhere', async () => {
    await Promise.all(
      Array.from({ length: 100 }, async (_, at) => {
        expect((await tryFrom('10.0.1.1', `guess${at}`, WRONG)).status).toBe(401);
      }),
    );
    expect((await tryFrom('10.0.1.1', 'bob', PASSWORD)).status).toBe(429);
    expect((await tryFrom('10.0.1.2', 'bob', PASSWORD)).status).toBe(200);
    api.clock.advance(3600);
    expect((await tryFrom('10.0.1.1', 'bob', PASSWORD)).status).toBe(200);
  });

  it('are failures only: successes do not count', async () => {
    await Promise.all(
      Array.from({ length: 99 }, async (_, at) => {
        expect((await tryFrom('10.0.1.3', `guess${at}`, WRONG)).status).toBe(401);
      }),
    );
    for (let at = 0; at < 5; at += 1) {
      expect((await tryFrom('10.0.1.3', 'bob', PASSWORD)).status).toBe(200);
    }
    expect((await tryFrom('10.0.1.3', 'bob', WRONG)).status).toBe(401);
    expect((await tryFrom('10.0.1.3', 'bob', PASSWORD)).status).toBe(429);
  });
});

describe('a forged X-Forwarded-For', () => {
  const tryDirectly = (header: string, password = WRONG) =>
    postAuth(api.url, 'sign-in/username', { username: 'bob', password }, { 'X-Forwarded-For': header });

  it('changes nothing where no proxy is trusted', async () => {
    for (let at = 0; at < 10; at += 1) expect((await tryDirectly(`10.9.9.${at}`)).status).toBe(401);
    expect((await tryDirectly('10.9.9.99', PASSWORD)).status).toBe(429);
  });

  it('is cut off at the trusted proxy: only the address that it saw counts', async () => {
    for (let at = 0; at < 10; at += 1) {
      expect((await tryFrom(`10.8.8.${at}, 10.0.2.1`, 'bob', WRONG)).status).toBe(401);
    }
    expect((await tryFrom('10.8.8.99, 10.0.2.1', 'bob', PASSWORD)).status).toBe(429);
  });
});
