import { request } from 'node:http';
import { finishRsaClient } from '@symbolon/ct-kip/rsa-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { ORIGIN, type Person } from '../../../test/kit.ts';
import { isRefused, open, send, ticketIn } from '../../../test/link-scene.ts';
import { type MailScene, nobody, startMailScene, wordsOf } from '../../../test/mail-scene.ts';
import type { ReceivedMail } from '../../../test/mail-server.ts';
import { codeOf, firstPassWith, post, scan } from '../../../test/phone.ts';
import { approve, ask, requestScene } from '../../../test/requests-scene.ts';
import { signInAgain } from '../../../test/requests-view.ts';
import { definitionId, VERIFY } from '../../../test/scene.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';
import { updateSelfServiceSettings } from '../self-service/update-self-service-settings.ts';

let scene: MailScene;
let requests: Awaited<ReturnType<typeof requestScene>>;
let approver: Person;
beforeAll(async () => {
  // Even a proxy that is believed does not say where our pages are.
  scene = await startMailScene({ TRUSTED_PROXIES: '127.0.0.1' });
  requests = await requestScene(scene.api);
  approver = await requests.person('approver', ['REQUEST_APPROVER']);
  await requests.stock(10);
});
afterAll(() => scene.close());

const offered = () => [requests.qr, requests.url].map((id) => id.slice('TokenProfile_'.length));
const to = (mails: ReceivedMail[], person: Person) =>
  mails.filter(({ recipients }) => recipients.includes(`${person.userName}@example.org`));

describe('a request for a profile that comes by link', () => {
  async function approved(name: string, profileId = requests.url) {
    const owner = await requests.person(name);
    const { tokenRequest } = await ask(owner, profileId);
    await scene.arrived();
    await approve(approver, tokenRequest.id);
    const mails = await scene.arrived();
    const link = to(mails, owner).find(({ text }) => text?.includes('/activate#'));
    return { owner, mails, ticket: ticketIn(link) };
  }

  it('mails the requester, and nobody else, that it is approved, and the link', async () => {
    const { owner, mails } = await approved('ulla');
    expect(to(mails, owner).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([
        'Your request is approved: activate your token',
        expect.stringMatching(/^Activate your token \d{4} \d{4} \d{4}$/),
      ]),
    );
    expect(mails).toHaveLength(2);
  });

  it("the link opens in the owner's session only: no desk stands behind it, so no number does", async () => {
    const { owner, ticket } = await approved('udo');
    const stranger = await requests.person('stranger');
    const asked = { __typename: 'InvalidState', code: 'activation_link.sign_in_required' };
    const anybody = nobody(scene.api);
    expect(await open(anybody, { ticket })).toMatchObject(asked);
    for (const number of ['000000', '111111', '222222', '333333']) {
      expect(await open(anybody, { ticket, number }), 'guesses end nothing').toMatchObject(asked);
    }
    expect(await open(stranger, { ticket, number: '123456' })).toMatchObject(asked);
    expect(await open(approver, { ticket })).toMatchObject(asked);
    const { link, serialNumber } = await open(owner, { ticket });
    expect(await open(owner, { ticket })).toMatchObject({ code: 'activation_link.unknown' });
    const phone = await scan(scene.api.url, link);
    const passcode = codeOf(phone, scene.api.clock.now());
    const { data } = await owner.graphql(VERIFY, { serialNumber, passcode });
    expect(data.verifyPasscode).toMatchObject({ outcome: 'ACCEPTED', token: { status: 'ACTIVE' } });
  });

  it('that was opened or has run out is mailed anew to who asked for it, and the former is dead', async () => {
    const { owner, ticket } = await approved('uwe');
    const { serialNumber } = await open(owner, { ticket });
    const { data } = await owner.graphql('{ viewer { tokens { id } } }');
    const [{ id: tokenId }] = data.viewer.tokens;
    const anew = async () => {
      expect(await act(owner, 'sendActivationLink', { tokenId }, 'sentTo number')).toMatchObject({
        sentTo: 'u•••@example.org',
        number: null,
      });
      return ticketIn(to(await scene.arrived(), owner).at(-1));
    };
    const second = await anew();
    scene.api.clock.advance(8 * 24 * 3600);
    await signInAgain(scene.api, owner, approver);
    expect(await open(owner, { ticket: second })).toMatchObject({ code: 'activation_link.unknown' });
    const third = await anew();
    const { link } = await open(owner, { ticket: third });
    const phone = await scan(scene.api.url, link);
    expect(phone.serialNumber).toBe(serialNumber);
    const passcode = codeOf(phone, scene.api.clock.now());
    expect((await owner.graphql(VERIFY, { serialNumber, passcode })).data.verifyPasscode).toMatchObject({
      outcome: 'ACCEPTED',
    });
    expect(await act(owner, 'sendActivationLink', { tokenId }, 'sentTo')).toMatchObject({
      __typename: 'InvalidState',
    });
  });

  it.each(['Windows Authenticator 6.x', 'Desktop PC 5.x'])(
    'for %s, whose link has no code in it, tells address and code to type, and they work',
    async (deviceType) => {
      const profile = await createTokenProfile(scene.api.system, {
        name: deviceType,
        deviceDefinitionId: await definitionId(scene.api, deviceType),
        deliveryMethod: 'CT_KIP_URL',
      });
      await updateSelfServiceSettings(scene.api.system, { requestableProfileIds: [profile.id] });
      const { owner, ticket } = await approved(
        `win${deviceType.length}`,
        `TokenProfile_${profile.id}`,
      ).finally(() => updateSelfServiceSettings(scene.api.system, { requestableProfileIds: offered() }));
      const told = await act(
        owner,
        'openActivationLink',
        { ticket },
        'link ctKipUrl activationCode serialNumber',
      );
      expect(told.ctKipUrl).toBe('http://localhost:4000/ctkip/services/CtkipService');
      expect(told.activationCode).toMatch(/^\d{12}$/);
      expect(told.link).not.toContain(told.activationCode);
      const { state, request } = await firstPassWith(scene.api.url, told.activationCode);
      const phone = finishRsaClient(state, await post(scene.api.url, request));
      expect(phone.serialNumber).toBe(told.serialNumber);
    },
  );

  it('the administrator who distributes by URL oneself sees the code, and no link is mailed', async () => {
    const { owner } = await approved('ute');
    const admin = await requests.person('admin', ['TOKEN_ADMIN']);
    const [token] = await requests.stock(1);
    const given = `mutation ($userId: ID!, $tokenId: ID!, $profileId: ID!) {
      assignTokens(input: { userId: $userId, tokenIds: [$tokenId] }) { __typename }
      distributeToken(input: { tokenId: $tokenId, profileId: $profileId }) {
        ... on DistributeTokenSuccess { activationCode link } } }`;
    const { data } = await admin.graphql(given, {
      userId: `User_${owner.id}`,
      tokenId: `Token_${token!.id}`,
      profileId: requests.url,
    });
    expect(data.distributeToken.activationCode).toMatch(/^\d{12}$/);
    const mails = await scene.arrived();
    expect(mails).toHaveLength(2);
    for (const mail of mails) {
      expect(wordsOf(mail)).not.toContain('/activate#');
      expect(wordsOf(mail)).not.toContain(data.distributeToken.activationCode);
    }
    expect(await isRefused(scene.api.url, data.distributeToken.link)).toBe(false);
  });
});

describe('a request with a foreign Host', () => {
  const foreign = {
    Host: 'evil.example',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Server': 'evil.example',
    'X-Original-Host': 'evil.example',
    'X-Host': 'evil.example',
    Forwarded: 'for=192.0.2.1;host=evil.example;proto=https',
    Referer: 'https://evil.example/activate',
  };
  /** The same person, whose requests name another host wherever HTTP lets them. */
  const poisoned = (person: Person): Person => ({
    ...person,
    graphql: (query, variables = {}) =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(scene.api.url);
        const headers = {
          ...foreign,
          Origin: ORIGIN,
          'Content-Type': 'application/json',
          Cookie: person.cookie,
        };
        const sending = request({ hostname, port, path: '/graphql', method: 'POST', headers }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
        });
        sending.on('error', reject);
        sending.end(JSON.stringify({ query, variables }));
      }),
  });
  const addressesIn = (mails: ReceivedMail[]) =>
    mails.flatMap(({ text, html }) => `${text}\n${html}`.match(/https?:\/\/[^\s"'<>]+/g) ?? []);

  it('changes no link in any mail', async () => {
    await updateSelfServiceSettings(scene.api.system, { allowActivationLinkByEmail: true });
    const owner = poisoned(await requests.person('paul'));
    const { tokenRequest } = await ask(owner, requests.qr);
    const asked = await scene.arrived();
    const { tokenRequest: done } = await approve(poisoned(approver), tokenRequest.id);
    const decided = await scene.arrived();
    const sent = await send(owner, done.token.id);
    const linked = await scene.arrived();
    await updateSelfServiceSettings(scene.api.system, { codeInMail: true });
    await send(owner, done.token.id);
    await updateSelfServiceSettings(scene.api.system, { codeInMail: false });
    const coded = await scene.arrived();

    expect([asked, decided, linked, coded].map((mails) => mails.length)).toEqual([2, 1, 1, 1]);
    const all = [...asked, ...decided, ...linked, ...coded];
    for (const mail of all) expect(wordsOf(mail)).not.toContain('evil.example');
    for (const mails of [asked, decided, linked, coded]) {
      const addresses = addressesIn(mails);
      expect(addresses.length).toBeGreaterThan(0);
      for (const address of addresses) expect(new URL(address).origin).toBe(ORIGIN);
    }
    expect(sent.number).toMatch(/^\d{6}$/);
  });

  it("changes nothing in the phone's own link either", async () => {
    const owner = poisoned(await requests.person('pia'));
    const { tokenRequest } = await ask(owner, requests.qr);
    const { tokenRequest: done } = await approve(approver, tokenRequest.id);
    await scene.arrived();
    await send(owner, done.token.id);
    const { link } = await open(owner, { ticket: ticketIn((await scene.arrived())[0]) });
    expect(link).toContain('url=localhost:4000/');
    expect(await isRefused(scene.api.url, link)).toBe(false);
  });
});
