import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../../test/kit.ts';
import { firstPass, firstPassWith, scan } from '../../../test/phone.ts';
import { profiles, tokensFor } from '../../../test/scene.ts';
import { attemptCounters } from '../../auth/table.ts';
import { auditEvents } from '../audit/table.ts';
import { distributeToken } from '../distribution/distribute-token.ts';

let api: TestApi;
let profileId: string;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  profileId = (await profiles(api)).url.id;
  api.clock.freeze();
});
afterAll(() => api.close());

const guess = (code: string) => firstPassWith(api.url, code).catch(() => 'refused');
const guesses = (count: number, from = 0) =>
  Promise.all(Array.from({ length: count }, (_, at) => guess(String(100_000_000_000 + from + at))));
const eventsOf = (action: string, tokenId?: string) =>
  api.deps.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.action, action), tokenId ? eq(auditEvents.tokenId, tokenId) : undefined));

async function byUrl() {
  const owner = await api.person(`owner${++names}`);
  const [token] = await tokensFor(api, owner.id);
  return { token: token!, ...(await distributeToken(api.system, { tokenId: token!.id, profileId })) };
}

describe('unknown activation codes', () => {
  it('cost nothing up to thirty a minute, and are not in the log', async () => {
    expect(await guesses(30)).toEqual(Array(30).fill('refused'));
    expect(await eventsOf('activation.guessing')).toHaveLength(0);
    expect(await eventsOf('activation.refused')).toHaveLength(0);
  });

  it('beyond that are delayed and in the log once; a right code gets through', async () => {
    const begun = performance.now();
    await guesses(6, 100);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(490);
    const [event, ...more] = await eventsOf('activation.guessing');
    expect(more).toHaveLength(0);
    expect(event).toMatchObject({
      outcome: 'REFUSED',
      address: '127.0.0.1',
      tokenId: null,
      details: { refusalsThisMinute: '31', refusalsFromAllAddresses: '31' },
    });
    await scan(api.url, (await byUrl()).link!);
  });

  it('are free again a minute later', async () => {
    api.clock.advance(60);
    await guesses(5, 200);
    const counters = await api.deps.db.select().from(attemptCounters);
    expect(counters.map(({ failures }) => failures)).toContain(5);
    expect(counters.every(({ failures }) => failures < 30)).toBe(true);
    expect(await eventsOf('activation.guessing')).toHaveLength(1);
  });

  it('too long for any code are refused, not looked up', async () => {
    expect(await guess('9'.repeat(128))).toBe('refused');
    expect(await guess('%')).toBe('refused');
  });
});

describe('refusals of a known activation', () => {
  it('are in the log one by one up to twenty, then once a minute, and limit nobody', async () => {
    const { token, link } = await byUrl();
    api.clock.advance(60);
    const wrongClass = { class: 'a01c4380-fc01-4df0-b113-7fb98ec74694' };
    for (let at = 0; at < 40; at += 1) {
      await expect(firstPass(api.url, link!, wrongClass)).rejects.toThrow();
    }
    expect(await eventsOf('activation.refused', token.id)).toHaveLength(21);
    api.clock.advance(60);
    for (let at = 0; at < 3; at += 1) await expect(firstPass(api.url, link!, wrongClass)).rejects.toThrow();
    const events = await eventsOf('activation.refused', token.id);
    expect(events).toHaveLength(22);
    expect(events.at(-1)!.details).toMatchObject({ reason: 'device class', refusals: '41' });
    await scan(api.url, link!);
    expect(await eventsOf('activation.guessing')).toHaveLength(1);
  });
});
