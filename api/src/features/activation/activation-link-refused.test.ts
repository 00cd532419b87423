import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { graphql, type Person } from '../../../test/kit.ts';
import { isRefused, linkScene, send } from '../../../test/link-scene.ts';
import { type MailScene, startMailScene } from '../../../test/mail-scene.ts';
import { definitionId, START } from '../../../test/scene.ts';
import { auditEvents } from '../audit/table.ts';
import { mails } from '../notifications/table.ts';
import { updateSelfServiceSettings } from '../self-service/update-self-service-settings.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';
import { disableTokens } from '../tokens/enable-tokens.ts';

let scene: MailScene;
let links: Awaited<ReturnType<typeof linkScene>>;
let admin: Person;
beforeAll(async () => {
  scene = await startMailScene();
  links = await linkScene(scene);
  admin = await scene.person('admin', ['SUPER_ADMIN']);
});
afterAll(() => scene.close());

const success = { __typename: 'SendActivationLinkSuccess' };
const allow = (allowActivationLinkByEmail: boolean) =>
  updateSelfServiceSettings(scene.api.system, { allowActivationLinkByEmail });
const linksInOutbox = (userId: string) =>
  scene.api.deps.db
    .select()
    .from(mails)
    .where(and(eq(mails.userId, userId), eq(mails.event, 'ACTIVATION_LINK')));
/** The QR code on the screen lives on when a link is refused, and nothing is mailed. */
async function expectNothingHappened(owner: Person, link: string) {
  expect(await linksInOutbox(owner.id)).toEqual([]);
  expect(await isRefused(scene.api.url, link)).toBe(false);
}
const start = async (owner: Person, tokenId: string) =>
  (await owner.graphql(START, { tokenId })).data.startActivation.link as string;

it('is refused with a reason while the administrator does not allow it', async () => {
  const { owner, tokenId } = await links.waiting();
  const link = await start(owner, tokenId);
  await allow(false);
  const refused = await send(owner, tokenId);
  await allow(true);
  expect(refused).toMatchObject({
    __typename: 'InvalidState',
    code: 'activation_link.disabled',
    message: 'Links are not mailed here. Scan the QR code, or ask your administrator.',
  });
  await expectNothingHappened(owner, link);
});

it('is off in a new installation', async () => {
  const fresh = await startMailScene();
  const owner = await fresh.person('owner');
  const { data } = await owner.graphql('{ selfServiceSettings { allowActivationLinkByEmail codeInMail } }');
  await fresh.close();
  expect(data.selfServiceSettings).toEqual({ allowActivationLinkByEmail: false, codeInMail: false });
});

it('is refused while no mail server is set, even if it was allowed before', async () => {
  const { owner, tokenId } = await links.waiting();
  const link = await start(owner, tokenId);
  const silent = await scene.api.secondInstance();
  const elsewhere: Person = {
    ...owner,
    graphql: (document, variables) => graphql(silent.url, owner.cookie, document, variables),
  };
  expect(await send(elsewhere, tokenId)).toMatchObject({
    __typename: 'InvalidState',
    code: 'mail.not_configured',
  });
  await expectNothingHappened(owner, link);
});

it('is refused to somebody without an e-mail address, who is told whom to ask', async () => {
  const { owner, tokenId } = await links.waiting({ email: null });
  const link = await start(owner, tokenId);
  expect(await send(owner, tokenId)).toMatchObject({
    __typename: 'InvalidState',
    code: 'user.no_email',
    message: 'No e-mail address is on file for you. Ask your administrator to add one.',
  });
  await expectNothingHappened(owner, link);
});

it('is refused for an app that scans and is on neither iOS nor Android, and says so', async () => {
  const definition = (await definitionOf('iOS 2.x'))
    .replace(/<deviceType>.*</, '<deviceType>Watch 1.x<')
    .replace(/<deviceClass>.*</, '<deviceClass>11111111-2222-4333-8444-555555555555<')
    .replace(/<platform>.*</, '<platform>OTHER<');
  const imported = await act(admin, 'importDeviceDefinition', { definition }, 'deviceDefinition { id }');
  const deviceDefinitionId = imported.deviceDefinition.id.slice('DeviceDefinition_'.length);
  const profile = await createTokenProfile(scene.api.system, {
    name: 'Watch',
    deviceDefinitionId,
    deliveryMethod: 'CT_KIP_QR',
  });
  const { owner, tokenId } = await links.waiting({ profileId: profile.id });
  const link = await start(owner, tokenId);
  expect(await send(owner, tokenId)).toMatchObject({
    __typename: 'Unsupported',
    code: 'activation_link.platform',
    message: expect.stringMatching(/iOS and Android.*Watch 1\.x/),
  });
  await expectNothingHappened(owner, link);
});

it.each(['Windows Authenticator 6.x', 'Desktop PC 5.x', 'Desktop Mac 4.x'])(
  'is refused for %s as for a platform that takes no links',
  async (deviceType) => {
    const profile = await createTokenProfile(scene.api.system, {
      name: deviceType,
      deviceDefinitionId: await definitionId(scene.api, deviceType),
      deliveryMethod: 'CT_KIP_URL',
    });
    const { owner, tokenId } = await links.waiting({ profileId: profile.id });
    expect(await send(owner, tokenId)).toMatchObject({
      __typename: 'Unsupported',
      code: 'activation_link.platform',
      message: expect.stringContaining(deviceType),
    });
    expect(await linksInOutbox(owner.id)).toEqual([]);
  },
);

it('is for the owner only, and for a token that works', async () => {
  const { owner, tokenId, token } = await links.waiting();
  const other = await scene.person('other');
  for (const person of [other, admin]) {
    expect(await send(person, tokenId)).toMatchObject({ __typename: 'NotFound', code: 'token.not_found' });
  }
  await disableTokens(scene.api.system, { tokenIds: [token.id] });
  expect(await send(owner, tokenId)).toMatchObject({ __typename: 'InvalidState', code: 'token.disabled' });
});

it('is sent to one address three times, then no more for five minutes, and others get theirs', async () => {
  const { owner, tokenId } = await links.waiting();
  for (let time = 0; time < 3; time += 1) expect(await send(owner, tokenId)).toMatchObject(success);
  expect(await send(owner, tokenId)).toEqual({ refused: 'RATE_LIMITED' });
  expect(await linksInOutbox(owner.id)).toHaveLength(3);
  const other = await links.waiting();
  expect(await send(other.owner, other.tokenId)).toMatchObject(success);
  scene.api.clock.advance(301);
  expect(await send(owner, tokenId)).toMatchObject(success);
  expect(await send(owner, tokenId)).toEqual({ refused: 'RATE_LIMITED' });
});

it('that is refused anyway counts for nothing towards that limit', async () => {
  const { owner, tokenId, token } = await links.waiting();
  await disableTokens(scene.api.system, { tokenIds: [token.id] });
  for (let time = 0; time < 5; time += 1) {
    expect(await send(owner, tokenId)).toMatchObject({ code: 'token.disabled' });
  }
  await act(admin, 'enableTokens', { tokenIds: [tokenId] });
  expect(await send(owner, tokenId)).toMatchObject(success);
});

it('is written down, with the masked address and no ticket', async () => {
  const { token, ticket } = await links.mailed();
  const rows = await scene.api.deps.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.tokenId, token.id), eq(auditEvents.action, 'activation.link_sent')));
  expect(rows).toMatchObject([{ details: { sentTo: 'o•••@example.org', minutes: '60' } }]);
  expect(JSON.stringify(rows)).not.toContain(ticket);
});

async function definitionOf(deviceType: string): Promise<string> {
  const { data } = await admin.graphql('{ deviceDefinitions { nodes { deviceType source } } }');
  return data.deviceDefinitions.nodes.find((node: { deviceType: string }) => node.deviceType === deviceType)
    .source;
}
