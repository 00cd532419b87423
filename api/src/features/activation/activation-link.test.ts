import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import type { Person } from '../../../test/kit.ts';
import { isRefused, linkScene, open, otherNumber, send, ticketIn } from '../../../test/link-scene.ts';
import { type MailScene, nobody, startMailScene, wordsOf } from '../../../test/mail-scene.ts';
import { codeOf, scan } from '../../../test/phone.ts';
import { START, VERIFY } from '../../../test/scene.ts';

let scene: MailScene;
let links: Awaited<ReturnType<typeof linkScene>>;
let stranger: Person;
let admin: Person;
beforeAll(async () => {
  scene = await startMailScene();
  links = await linkScene(scene);
  stranger = await scene.person('stranger');
  admin = await scene.person('admin', ['SUPER_ADMIN']);
});
afterAll(() => scene.close());

const anybody = () => nobody(scene.api);
const spent = { __typename: 'NotFound', code: 'activation_link.unknown' };
const opened = { __typename: 'OpenActivationLinkSuccess' };
const start = async (owner: Person, tokenId: string) =>
  (await owner.graphql(START, { tokenId })).data.startActivation;
const activationOf = async (person: Person, id: string) => {
  const { data } = await person.graphql(
    'query ($id: ID!) { activation(id: $id) { state byLink sentTo deskNumber } }',
    { id },
  );
  return data.activation;
};

describe('sending the link', () => {
  it('kills the QR code on the screen and mails a link, with neither code nor CT-KIP address', async () => {
    const { owner, tokenId, token, address } = await links.waiting();
    const started = await start(owner, tokenId);
    const sent = await send(owner, tokenId);
    expect(sent).toMatchObject({
      sentTo: 'o•••@example.org',
      number: expect.stringMatching(/^\d{6}$/),
      activation: { state: 'OPEN', byLink: true, sentTo: 'o•••@example.org', secondsLeft: 3600 },
    });
    expect(sent.activation.id).not.toBe(started.activation.id);
    expect(await activationOf(owner, started.activation.id)).toMatchObject({ state: 'CANCELLED' });
    expect(await isRefused(scene.api.url, started.link)).toBe(true);

    const mails = await scene.arrived();
    expect(mails.map(({ recipients }) => recipients)).toEqual([[address]]);
    const [mail] = mails;
    expect(mail!.text).toMatch(/^http:\/\/localhost:4000\/activate#[\w-]{22}$/m);
    const { link } = await open(owner, { ticket: ticketIn(mail) });
    const code = /activationCode=(\w+)/.exec(link)![1]!;
    expect(wordsOf(mail)).not.toContain(code);
    expect(wordsOf(mail)).not.toMatch(/ctkip/i);
    expect(mail!.text).not.toMatch(new RegExp(`\\b${sent.number}\\b`));
    expect(mail!.subject).toContain(token.serialNumber.slice(0, 4));
  });

  it('throws an unconfirmed seed away: the phone that has it shows codes that count for nothing', async () => {
    const { owner, tokenId, token } = await links.waiting();
    const phone = await scan(scene.api.url, (await start(owner, tokenId)).link);
    expect(await send(owner, tokenId)).toMatchObject({ __typename: 'SendActivationLinkSuccess' });
    const { data } = await owner.graphql(VERIFY, {
      serialNumber: token.serialNumber,
      passcode: codeOf(phone, scene.api.clock.now()),
    });
    expect(data.verifyPasscode.outcome).toBe('REJECTED');
  });

  it('again ends the former link; its number opens nothing', async () => {
    const first = await links.mailed();
    const again = await send(first.owner, first.tokenId);
    const ticket = ticketIn((await scene.arrived())[0]);
    expect(await open(anybody(), { ticket: first.ticket, number: first.number })).toMatchObject(spent);
    expect(await open(anybody(), { ticket: first.ticket, number: again.number })).toMatchObject(spent);
    expect(await open(anybody(), { ticket, number: again.number })).toMatchObject(opened);
  });
});

describe('opening the link', () => {
  it('takes the six digits of the desk, and no session', async () => {
    const { ticket, number, token } = await links.mailed();
    expect(await open(anybody(), { ticket })).toMatchObject({
      __typename: 'InvalidState',
      code: 'activation_link.number_required',
    });
    expect(await open(anybody(), { ticket, number })).toMatchObject({
      ...opened,
      serialNumber: token.serialNumber,
      deviceType: 'iOS 2.x',
      minutesLeft: 60,
      link: expect.stringMatching(
        /^com\.rsa\.securid:\/\/ctkip\?scheme=http&url=localhost:4000\/ctkip\/services\/CtkipService&activationCode=\d{12}$/,
      ),
    });
  });

  it('takes digits as people type them, and says what is no number at all', async () => {
    const { ticket, number } = await links.mailed();
    expect(await open(anybody(), { ticket, number: 'abcdef' })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: 'number', code: 'number.digits' }],
    });
    const typed = ` ${number.slice(0, 3)} ${number.slice(3)} `;
    expect(await open(anybody(), { ticket, number: typed })).toMatchObject(opened);
  });

  it("takes the owner's session, and no number", async () => {
    const { owner, ticket } = await links.mailed();
    expect(await open(owner, { ticket })).toMatchObject(opened);
  });

  it("does not take other people's sessions, not even an administrator's", async () => {
    const { ticket, number } = await links.mailed();
    for (const person of [stranger, admin]) {
      expect(await open(person, { ticket })).toMatchObject({ code: 'activation_link.number_required' });
    }
    expect(await open(stranger, { ticket, number }), 'the number does').toMatchObject(opened);
  });

  it('ends with the third wrong number, and the owner is told', async () => {
    const { owner, ticket, number, address, activationId } = await links.mailed();
    for (const triesLeft of ['2', '1']) {
      expect(await open(anybody(), { ticket, number: otherNumber(number) })).toMatchObject({
        __typename: 'InvalidState',
        code: 'activation_link.number_wrong',
        params: [{ name: 'triesLeft', value: triesLeft }],
      });
    }
    expect(await scene.arrived()).toEqual([]);
    expect(await open(anybody(), { ticket, number: otherNumber(number) })).toMatchObject(spent);
    expect(await open(anybody(), { ticket, number })).toMatchObject(spent);
    expect(await open(owner, { ticket })).toMatchObject(spent);
    expect(await activationOf(owner, activationId)).toMatchObject({ state: 'CANCELLED', deskNumber: null });
    const [mail, ...more] = await scene.arrived();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ recipients: [address] });
    expect(mail!.text).toContain('Three wrong numbers');
  });

  it('gives a burst of guesses no more than three', async () => {
    const { ticket, number } = await links.mailed();
    const guesses = Array.from({ length: 12 }, (_, at) => otherNumber(number, at + 1));
    const answers = await Promise.all(guesses.map((guess) => open(anybody(), { ticket, number: guess })));
    expect(answers.filter(({ code }) => code === 'activation_link.number_wrong')).toHaveLength(2);
    expect(answers.filter(({ code }) => code === 'activation_link.unknown')).toHaveLength(10);
    expect(await open(anybody(), { ticket, number })).toMatchObject(spent);
    expect(await scene.arrived(), 'told once').toHaveLength(1);
  });

  it('does it once', async () => {
    const { owner, ticket, number } = await links.mailed();
    expect(await open(anybody(), { ticket, number })).toMatchObject(opened);
    expect(await open(anybody(), { ticket, number })).toMatchObject(spent);
    expect(await open(owner, { ticket })).toMatchObject(spent);
  });

  it('gives the link to exactly one of many who open it at once, on two instances', async () => {
    const { owner, ticket, number } = await links.mailed();
    const second = await scene.api.secondInstance();
    const others = [anybody(), nobody(second), owner];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => open(others[at % others.length]!, { ticket, number })),
    );
    const winners = answers.filter(({ __typename }) => __typename === opened.__typename);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ code }) => code === spent.code)).toHaveLength(11);
    expect(await isRefused(scene.api.url, winners[0].link)).toBe(false);
  });

  it('works for as many minutes as the administrator has set, and no longer', async () => {
    const inTime = await links.mailed();
    const late = await links.mailed();
    scene.api.clock.advance(59 * 60);
    expect(await open(anybody(), inTime)).toMatchObject({ ...opened, minutesLeft: 1 });
    scene.api.clock.advance(61);
    expect(await open(anybody(), late)).toMatchObject(spent);
    const other = await scene.person('other-admin', ['SUPER_ADMIN']);
    await act(other, 'updateSelfServiceSettings', { linkMinutes: 5 });
    const short = await links.mailed();
    await act(other, 'updateSelfServiceSettings', { linkMinutes: 60 });
    expect(short.mail.text).toContain('for 5 minutes');
    scene.api.clock.advance(301);
    expect(await open(anybody(), short)).toMatchObject(spent);
  });
});
