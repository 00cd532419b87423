import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../../test/kit.ts';
import { isRefused, linkScene, open, send } from '../../../test/link-scene.ts';
import { type MailScene, nobody, startMailScene } from '../../../test/mail-scene.ts';
import { codeOf, firstPass, post, scan } from '../../../test/phone.ts';
import { CANCEL, START, VERIFY } from '../../../test/scene.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { mails } from '../notifications/table.ts';
import { updateSelfServiceSettings } from '../self-service/update-self-service-settings.ts';
import { assignTokens } from '../tokens/assign-tokens.ts';
import { disableTokens } from '../tokens/enable-tokens.ts';
import { unassignTokens } from '../tokens/unassign-tokens.ts';
import { updateUser } from '../users/update-user.ts';

let scene: MailScene;
let links: Awaited<ReturnType<typeof linkScene>>;
beforeAll(async () => {
  scene = await startMailScene();
  links = await linkScene(scene);
});
afterAll(() => scene.close());

type Mailed = Awaited<ReturnType<typeof links.mailed>>;
const anybody = () => nobody(scene.api);
const spent = { __typename: 'NotFound', code: 'activation_link.unknown' };
const start = async (owner: Person, tokenId: string) =>
  (await owner.graphql(START, { tokenId })).data.startActivation;
const activationOf = async (person: Person, id: string) =>
  (await person.graphql('query ($id: ID!) { activation(id: $id) { state sentTo deskNumber } }', { id })).data
    .activation;

describe('after a link was mailed', () => {
  it('a phone that follows it activates, and the owner confirms', async () => {
    const { owner, token, ticket, number, activationId, address } = await links.mailed();
    const { link } = await open(anybody(), { ticket, number });
    const phone = await scan(scene.api.url, link, { name: 'Phone in the other room' });
    expect(phone.serialNumber).toBe(token.serialNumber);
    expect(await activationOf(owner, activationId)).toMatchObject({ state: 'ACTIVATED', deskNumber: null });
    const passcode = codeOf(phone, scene.api.clock.now());
    const { data } = await owner.graphql(VERIFY, { serialNumber: token.serialNumber, passcode });
    expect(data.verifyPasscode).toMatchObject({ outcome: 'ACCEPTED', token: { status: 'ACTIVE' } });
    expect(await activationOf(owner, activationId)).toMatchObject({ state: 'CONFIRMED' });
    const [mail, ...more] = await scene.arrived();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ recipients: [address] });
    expect(mail!.text).toContain('Phone in the other room');
  });

  it('its number is for the owner only, and only while it is open', async () => {
    const { owner, number, activationId, tokenId } = await links.mailed();
    const admin = await scene.person('admin', ['SUPER_ADMIN']);
    const stranger = await scene.person('stranger');
    const open = { state: 'OPEN', sentTo: 'o•••@example.org' };
    expect(await activationOf(owner, activationId)).toEqual({ ...open, deskNumber: number });
    expect(await activationOf(admin, activationId)).toEqual({ ...open, deskNumber: null });
    expect(await activationOf(stranger, activationId)).toBeNull();
    const { data } = await owner.graphql(
      'query ($id: ID!) { node(id: $id) { ... on Token { openActivation { id deskNumber byLink } } } }',
      { id: tokenId },
    );
    expect(data.node.openActivation).toEqual({ id: activationId, deskNumber: number, byLink: true });
    await owner.graphql(CANCEL, { activationId });
    expect(await activationOf(owner, activationId)).toMatchObject({ state: 'CANCELLED', deskNumber: null });
  });

  it('its number is gone when its time is over, whether or not anybody has written that down', async () => {
    const { owner, activationId } = await links.mailed();
    scene.api.clock.advance(3601);
    expect(await activationOf(owner, activationId)).toMatchObject({ state: 'EXPIRED', deskNumber: null });
  });

  it('opens nothing any more once the administrator has switched links off', async () => {
    const { ticket, number } = await links.mailed();
    await updateSelfServiceSettings(scene.api.system, { allowActivationLinkByEmail: false });
    expect(await open(anybody(), { ticket, number })).toMatchObject(spent);
    await updateSelfServiceSettings(scene.api.system, { allowActivationLinkByEmail: true });
  });

  it('a QR code that is wanted ends it, and works', async () => {
    const { owner, tokenId, ticket, number, activationId } = await links.mailed();
    const started = await start(owner, tokenId);
    expect(started.activation.id).not.toBe(activationId);
    expect(await activationOf(owner, activationId)).toMatchObject({ state: 'CANCELLED' });
    expect(await open(anybody(), { ticket, number })).toMatchObject(spent);
    expect(await isRefused(scene.api.url, started.link)).toBe(false);
  });

  it('a QR code that is wanted ends one that was opened already, too', async () => {
    const { owner, tokenId, ticket } = await links.mailed();
    const { link } = await open(owner, { ticket });
    await start(owner, tokenId);
    expect(await isRefused(scene.api.url, link)).toBe(true);
  });

  it('a QR code that was scanned halfway is dead', async () => {
    const { owner, tokenId } = await links.waiting();
    const { request } = await firstPass(scene.api.url, (await start(owner, tokenId)).link);
    await send(owner, tokenId);
    expect(await post(scene.api.url, request)).toContain('Invalid authorization code');
  });

  it.each<[string, (mailed: Mailed) => Promise<unknown>]>([
    ['the token is disabled', ({ token }) => disableTokens(scene.api.system, { tokenIds: [token.id] })],
    ['the user is disabled', ({ owner }) => disable(owner)],
    [
      'it is distributed again',
      ({ token }) => distributeToken(scene.api.system, { tokenId: token.id, profileId: links.qr.id }),
    ],
    ['the token gets another owner', ({ token }) => giveAway(token.id)],
    ['its owner cancels', ({ owner, activationId }) => owner.graphql(CANCEL, { activationId })],
  ])('it dies when %s', async (_when, happens) => {
    const mailed = await links.mailed();
    await happens(mailed);
    expect(await open(anybody(), mailed)).toMatchObject(spent);
  });

  it('a mail that has not left yet does not leave with a link that is dead', async () => {
    const { owner, tokenId } = await links.waiting();
    await send(owner, tokenId);
    await start(owner, tokenId);
    expect(await scene.arrived()).toEqual([]);
    const rows = await scene.api.deps.db.select().from(mails).where(eq(mails.userId, owner.id));
    expect(rows.find(({ event }) => event === 'ACTIVATION_LINK')).toMatchObject({
      state: 'FAILED',
      lastError: 'The link of this mail is valid no longer.',
    });
  });

  it('looking at its page spends nothing, however often a scanner of links does', async () => {
    const { ticket, number } = await links.mailed();
    for (const path of [`/activate#${ticket}`, `/activate?${ticket}`, `/activate/${ticket}`, '/activate']) {
      for (const method of ['GET', 'HEAD']) await fetch(`${scene.api.url}${path}`, { method });
    }
    const query = `mutation { openActivationLink(input: { ticket: "${ticket}", number: "${number}" }) { __typename } }`;
    const byGet = await fetch(`${scene.api.url}/graphql?query=${encodeURIComponent(query)}`);
    expect(byGet.status).toBe(405);
    expect(await open(anybody(), { ticket, number })).toMatchObject({ minutesLeft: 60 });
  });
});

describe('address and code in one mail', () => {
  it('are what the mail holds when that is switched on, and there is no number to type', async () => {
    await updateSelfServiceSettings(scene.api.system, { codeInMail: true });
    const { owner, token, tokenId, address } = await links.waiting();
    const sent = await send(owner, tokenId);
    const [mail, ...more] = await scene.arrived();
    await updateSelfServiceSettings(scene.api.system, { codeInMail: false });
    expect(sent).toMatchObject({ number: null, activation: { byLink: true, deskNumber: null } });
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ recipients: [address] });
    expect(mail!.text).toContain('http://localhost:4000/ctkip/services/CtkipService');
    expect(mail!.text).not.toContain('/activate#');
    const code = /Activation code: (\d{12})/.exec(mail!.text!)![1]!;
    const phone = await scan(scene.api.url, codeLink(code));
    expect(phone.serialNumber).toBe(token.serialNumber);
  });

  it('are off unless the administrator switches them on: then the log says who did', async () => {
    const admin = await scene.person('root', ['SUPER_ADMIN']);
    const { data } = await admin.graphql(
      'mutation { updateSelfServiceSettings(input: { codeInMail: true }) { ... on UpdateSelfServiceSettingsSuccess { settings { codeInMail } } } }',
    );
    expect(data.updateSelfServiceSettings.settings.codeInMail).toBe(true);
    const events = await admin.graphql(
      '{ auditEvents(filter: { action: "settings.updated", actorUserName: "root" }) { nodes { actorName details { name value } } } }',
    );
    await updateSelfServiceSettings(scene.api.system, { codeInMail: false });
    expect(events.data.auditEvents.nodes).toMatchObject([
      {
        actorName: 'root',
        details: expect.arrayContaining([
          { name: 'codeInMail before', value: 'false' },
          { name: 'codeInMail', value: 'true' },
        ]),
      },
    ]);
  });
});

const codeLink = (code: string) =>
  `com.rsa.securid://ctkip?scheme=http&url=localhost:4000/ctkip/services/CtkipService&activationCode=${code}`;

const disable = (owner: Person) => updateUser(scene.api.system, { userId: owner.id, enabled: false });

async function giveAway(tokenId: string) {
  const heir = await scene.person('heir');
  await unassignTokens(scene.api.system, { tokenIds: [tokenId] });
  await assignTokens(scene.api.system, { userId: heir.id, tokenIds: [tokenId] });
}
