import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../../test/kit.ts';
import { helloOf, scanRfc, sendRfc } from '../../../test/rfc-phone.ts';
import { definitionId, START, tokensFor } from '../../../test/scene.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';

const ROUNDS = 24;
/** Half of the tick at which refusals leave: what is told apart by time differs by a whole one. */
const ALIKE_MS = 25;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function links() {
  const deviceDefinitionId = await definitionId(api, 'Symbolon Authenticator 1.x');
  const profile = { name: 'Ours', deviceDefinitionId, deliveryMethod: 'CT_KIP_QR' } as const;
  const { id: profileId } = await createTokenProfile(api.system, profile);
  const show = async (name: string, choice: object = {}) => {
    const owner = await api.person(name);
    const [token] = await tokensFor(api, owner.id);
    await distributeToken(api.system, { tokenId: token!.id, profileId, ...choice });
    const { data } = await owner.graphql(START, { tokenId: `Token_${token!.id}` });
    return data.startActivation.link as string;
  };
  const expired = await show('expired');
  api.clock.advance(301);
  const spent = await show('spent');
  await scanRfc(api.url, spent);
  const bound = await show('bound', { deviceBinding: 'DEVICE', deviceId: 'abcd1234' });
  return { expired, spent, bound };
}

it('a code that is unknown, spent, expired or another device’s is refused in the same words and the same time', async () => {
  const { expired, spent, bound } = await links();
  const kinds = {
    unknown: () => spent.replace(/nonce=[\w-]{22}/, `nonce=${randomBytes(16).toString('base64url')}`),
    spent: () => spent,
    expired: () => expired,
    bound: () => bound,
  };
  const times = new Map<string, number[]>();
  const answers = new Set<string>();
  // Interleaved, so that what else the machine does falls on all alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [kind, link] of Object.entries(kinds)) {
      const { request } = helloOf(link());
      const startedAt = performance.now();
      const response = await sendRfc(api.url, request.body);
      answers.add(await response.text());
      times.set(kind, [...(times.get(kind) ?? []), performance.now() - startedAt]);
    }
    // Guessing would slow the answers down, and would be all that is measured.
    if (round % 8 === 7) api.clock.advance(61);
  }
  expect(answers.size).toBe(1);
  const medians = [...times.values()].map((each) => each.toSorted((a, b) => a - b)[ROUNDS / 2]!);
  expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(ALIKE_MS);
});
