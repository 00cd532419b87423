import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import type { Person } from '../../../test/kit.ts';
import { type MailScene, startMailScene, wordsOf } from '../../../test/mail-scene.ts';
import { codeOf, scan } from '../../../test/phone.ts';
import { approve, ask, requestScene } from '../../../test/requests-scene.ts';
import { CANCEL, START, tokensFor, VERIFY } from '../../../test/scene.ts';
import { plusSeconds, utcDay } from '../../lib/clock.ts';
import { assignTokens } from '../tokens/assign-tokens.ts';
import { disableTokens } from '../tokens/enable-tokens.ts';
import { generateTokens } from '../tokens/generate-tokens.ts';
import { tellExpiring } from '../tokens/tell-expiring.ts';
import { createUser } from '../users/create-user.ts';
import { updateUser } from '../users/update-user.ts';

let scene: MailScene;
let requests: Awaited<ReturnType<typeof requestScene>>;
let admin: Person;
let names = 0;
beforeAll(async () => {
  scene = await startMailScene();
  requests = await requestScene(scene.api);
  admin = await scene.person('admin', ['SUPER_ADMIN']);
  // Somebody who has a token and an address, too, and is told nothing of others'.
  const bystander = await scene.person('bystander');
  await tokensFor(scene.api, bystander.id);
  await scene.arrived();
});
afterAll(() => scene.close());

const grouped = (serial: string) => serial.replace(/(.{4})(?=.)/g, '$1 ');
/** To whom what has been mailed since this was asked last. */
const told = async () =>
  (await scene.arrived()).map(({ recipients, subject }) => [recipients.join(), subject]);
const textsOf = async () => (await scene.arrived()).map(({ text }) => text!);

async function withToken(email?: string | null) {
  const name = `owner${++names}`;
  const owner = await scene.person(name, [], email);
  const [token] = await tokensFor(scene.api, owner.id);
  await scene.arrived();
  return {
    owner,
    token: token!,
    serial: grouped(token!.serialNumber),
    tokenId: `Token_${token!.id}`,
    address: `${name}@example.org`,
  };
}
type Held = Awaited<ReturnType<typeof withToken>>;

const distribute = ({ tokenId }: Pick<Held, 'tokenId'>) =>
  act(admin, 'distributeToken', { tokenId, profileId: requests.qr });
const linkFor = async (owner: Person, tokenId: string) =>
  (await owner.graphql(START, { tokenId })).data.startActivation.link as string;
async function activate(owner: Person, tokenId: string, serialNumber: string) {
  const phone = await scan(scene.api.url, await linkFor(owner, tokenId), { name: 'My phone' });
  const passcode = codeOf(phone, scene.api.clock.now());
  const { data } = await owner.graphql(VERIFY, { serialNumber, passcode });
  expect(data.verifyPasscode.outcome).toBe('ACCEPTED');
}

describe('the owner alone is told when a token', () => {
  it('is assigned', async () => {
    const owner = await scene.person('new-owner');
    const [token] = await requests.stock(1);
    const input = { userId: `User_${owner.id}`, tokenIds: [`Token_${token!.id}`] };
    expect(await act(admin, 'assignTokens', input)).toMatchObject({ __typename: 'AssignTokensSuccess' });
    const [mail, ...more] = await scene.arrived();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      recipients: ['new-owner@example.org'],
      subject: `Token ${grouped(token!.serialNumber)} is yours`,
    });
    expect(mail!.text).toContain('admin Test has assigned token');
  });

  it('is unassigned', async () => {
    const { tokenId, serial, address } = await withToken();
    await act(admin, 'unassignTokens', { tokenIds: [tokenId] });
    expect(await told()).toEqual([[address, `Token ${serial} is yours no longer`]]);
  });

  it('is stopped, and works again, once each', async () => {
    const { tokenId, serial, address } = await withToken();
    await act(admin, 'disableTokens', { tokenIds: [tokenId] });
    await act(admin, 'disableTokens', { tokenIds: [tokenId] });
    expect(await told()).toEqual([[address, `Your token ${serial} is stopped`]]);
    await act(admin, 'enableTokens', { tokenIds: [tokenId] });
    await act(admin, 'enableTokens', { tokenIds: [tokenId] });
    expect(await told()).toEqual([[address, `Your token ${serial} works again`]]);
  });

  it('is distributed', async () => {
    const held = await withToken();
    await distribute(held);
    expect(await told()).toEqual([[held.address, `Your token ${held.serial} is ready to activate`]]);
  });

  it('is confirmed, and on which device; nothing before that', async () => {
    const held = await withToken();
    await distribute(held);
    await scene.arrived();
    await scan(scene.api.url, await linkFor(held.owner, held.tokenId));
    expect(await told()).toEqual([]);
    await activate(held.owner, held.tokenId, held.token.serialNumber);
    const [mail, ...more] = await scene.arrived();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      recipients: [held.address],
      subject: `Your token ${held.serial} is active`,
    });
    expect(mail!.text).toContain('My phone');
  });

  it('takes the place of another', async () => {
    const held = await withToken();
    await distribute(held);
    await activate(held.owner, held.tokenId, held.token.serialNumber);
    await requests.stock(1);
    const { tokenRequest } = await ask(held.owner, requests.qr, {
      replacesTokenId: held.tokenId,
      replacementReason: 'BROKEN',
    });
    const { tokenRequest: done } = await approve(admin, tokenRequest.id);
    await scene.arrived();
    await activate(held.owner, done.token.id, done.token.serialNumber);
    expect((await told()).toSorted()).toEqual(
      [
        [held.address, `Your token ${grouped(done.token.serialNumber)} is active`],
        [held.address, `Your token ${held.serial} is replaced`],
      ].toSorted(),
    );
  });

  it.each([
    ['LOST', 'is reported lost'],
    ['BROKEN', 'is stopped'],
  ])('is reported as %s', async (problem, words) => {
    const { owner, tokenId, serial, address } = await withToken();
    await act(owner, 'reportToken', { tokenId, problem });
    expect(await told()).toEqual([[address, `Your token ${serial} ${words}`]]);
  });

  it('gets ten wrong codes in a row, and not at the ninth or the eleventh', async () => {
    const held = await withToken();
    await distribute(held);
    await activate(held.owner, held.tokenId, held.token.serialNumber);
    await scene.arrived();
    const wrong = async () => {
      scene.api.clock.advance(1000);
      const { serialNumber } = held.token;
      const { data } = await held.owner.graphql(VERIFY, { serialNumber, passcode: '00000000' });
      expect(data.verifyPasscode.outcome).toBe('REJECTED');
    };
    for (let time = 1; time <= 9; time += 1) await wrong();
    expect(await told()).toEqual([]);
    await wrong();
    expect(await told()).toEqual([[held.address, `Something unusual about your token ${held.serial}`]]);
    await wrong();
    expect(await told()).toEqual([]);
  });

  it('expires soon, once', async () => {
    const owner = await scene.person('ending');
    const expiresOn = utcDay(plusSeconds(scene.api.clock.now(), 20 * 24 * 3600));
    const [token] = await generateTokens(scene.api.system, { count: 1, algorithm: 'SECURID', expiresOn });
    await assignTokens(scene.api.system, { userId: owner.id, tokenIds: [token!.id] });
    await scene.arrived();
    await Promise.all([tellExpiring(scene.api.system), tellExpiring(scene.api.system)]);
    expect(await told()).toEqual([
      ['ending@example.org', `Your token ${grouped(token!.serialNumber)} expires on ${expiresOn}`],
    ]);
    scene.api.clock.advance(24 * 3600);
    await tellExpiring(scene.api.system);
    expect(await told()).toEqual([]);
    admin = await scene.person('admin-next-day', ['SUPER_ADMIN']);
  });
});

describe('what is mailed to a new user', () => {
  it('is an invitation, without the password', async () => {
    const input = { userName: 'nina', givenName: 'Nina', familyName: 'New', email: 'nina@example.org' };
    const { generatedPassword } = await act(admin, 'createUser', input, 'generatedPassword');
    const [mail, ...more] = await scene.arrived();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ recipients: ['nina@example.org'], subject: 'Welcome to Symbolon' });
    expect(mail!.text).toContain('nina');
    expect(mail!.text).toContain('http://localhost:4000/my');
    expect(generatedPassword).toMatch(/^(\w{5}-){3}\w{5}$/);
    expect(wordsOf(mail)).not.toContain(generatedPassword);
  });

  it('is nothing when the name is taken, or the program itself makes the user', async () => {
    const input = { userName: 'nina', givenName: 'Nina', familyName: 'New', email: 'other@example.org' };
    expect(await act(admin, 'createUser', input)).toMatchObject({ __typename: 'Conflict' });
    await createUser(scene.api.system, { ...input, userName: 'first-admin' });
    expect(await told()).toEqual([]);
  });
});

describe('nothing is mailed', () => {
  it('to an owner without an address, and what is done is done all the same', async () => {
    const held = await withToken(null);
    await distribute(held);
    await activate(held.owner, held.tokenId, held.token.serialNumber);
    await act(admin, 'disableTokens', { tokenIds: [held.tokenId] });
    expect(await told()).toEqual([]);
    const { data } = await admin.graphql(
      'query ($search: String!) { mails(filter: { search: $search }) { nodes { id } } }',
      { search: held.owner.userName },
    );
    expect(data.mails.nodes).toEqual([]);
  });

  it('to a disabled owner, or about a token without one', async () => {
    const { owner, token } = await withToken();
    await updateUser(scene.api.system, { userId: owner.id, enabled: false });
    const [free] = await requests.stock(1);
    await disableTokens(scene.api.system, { tokenIds: [token.id, free!.id] });
    expect(await told()).toEqual([]);
  });

  it('about an activation that its owner begins and cancels', async () => {
    const held = await withToken();
    await distribute(held);
    await scene.arrived();
    const { data } = await held.owner.graphql(START, { tokenId: held.tokenId });
    await held.owner.graphql(CANCEL, { activationId: data.startActivation.activation.id });
    expect(await textsOf()).toEqual([]);
  });
});
