import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import type { Person } from '../../../test/kit.ts';
import { type MailScene, startMailScene } from '../../../test/mail-scene.ts';
import { tokensFor } from '../../../test/scene.ts';
import { auditEvents } from '../audit/table.ts';
import { disableTokens } from '../tokens/enable-tokens.ts';
import { MAX_ATTEMPTS } from '../../lib/queue.ts';
import { queueMail } from './notify.ts';
import { mails } from './table.ts';

let scene: MailScene;
let admin: Person;
let names = 0;
beforeAll(async () => {
  scene = await startMailScene();
  admin = await scene.person('admin', ['SUPER_ADMIN']);
});
afterEach(() => scene.server.refuse(undefined));
afterAll(() => scene.close());

const outboxOf = (person: Person) =>
  scene.api.deps.db.select().from(mails).where(eq(mails.userId, person.id)).orderBy(mails.id);
const workWhenDue = async () => {
  await scene.dueNow();
  await scene.api.work();
};

/** An owner to whom one mail was written, which nobody has tried to send yet. */
async function oneQueued() {
  const owner = await scene.person(`owner${++names}`);
  const [token] = await tokensFor(scene.api, owner.id);
  const [mail] = await outboxOf(owner);
  expect(mail).toMatchObject({ state: 'QUEUED', event: 'TOKEN_ASSIGNED', attempts: 0 });
  return { owner, token: token!, mailId: `Mail_${mail!.id}`, address: `owner${names}@example.org` };
}
const resend = (person: Person, mailId: string) =>
  act(person, 'resendMail', { mailId }, 'mail { state attempts lastError }');
const failedEvents = (person: Person) =>
  scene.api.deps.db
    .select()
    .from(auditEvents)
    .where(sql`action = 'mail.failed' AND target_user_id = ${person.id}`);

describe('a mail', () => {
  it('is queued with what it tells, and sent once', async () => {
    const { owner, address } = await oneQueued();
    expect(await scene.jobs()).toHaveLength(1);
    const [mail, ...more] = await scene.arrived();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ recipients: [address], subject: expect.stringContaining('is yours') });
    const [row] = await outboxOf(owner);
    expect(row).toMatchObject({ state: 'SENT', attempts: 1, lastError: null });
    expect(mail!.messageId).toBe(`<${row!.id}@localhost>`);
    await scene.api.deps.db.transaction((tx) => queueMail(tx, row!.id));
    expect(await scene.arrived(), 'asked for once more by whatever fault').toEqual([]);
  });

  it('of an action that fails is not there', async () => {
    const owner = await scene.person('limited');
    const former = await tokensFor(scene.api, owner.id);
    await disableTokens(scene.api.system, { tokenIds: former.map(({ id }) => id) });
    await tokensFor(scene.api, owner.id, 3);
    await scene.arrived();
    const before = await outboxOf(owner);
    const refused = await act(admin, 'enableTokens', { tokenIds: [`Token_${former[0]!.id}`] });
    expect(refused).toMatchObject({ __typename: 'LimitReached' });
    expect(await outboxOf(owner)).toEqual(before);
    expect(await scene.jobs()).toEqual([]);
    expect(await scene.arrived()).toEqual([]);
  });
});

describe('a mail server that is down', () => {
  it('and up again loses nothing and gets nothing twice', async () => {
    const first = await oneQueued();
    await scene.down();
    await scene.api.work();
    await scene.api.work();
    expect(await outboxOf(first.owner), 'no second try before its time').toMatchObject([
      { state: 'QUEUED', attempts: 1, lastError: 'Nothing answers at the address of the mail server.' },
    ]);
    const second = await oneQueued();
    await workWhenDue();
    await workWhenDue();
    expect(await outboxOf(first.owner)).toMatchObject([{ state: 'QUEUED', attempts: 3 }]);

    await scene.up();
    await workWhenDue();
    await workWhenDue();
    const recipients = (await scene.arrived()).flatMap((mail) => mail.recipients);
    expect(recipients.toSorted()).toEqual([first.address, second.address].toSorted());
    for (const { owner } of [first, second]) {
      expect(await outboxOf(owner)).toMatchObject([{ state: 'SENT', lastError: null }]);
    }
    expect(await scene.jobs()).toEqual([]);
  });

  it('is tried for a last time, then the mail is a dead letter that administrators see', async () => {
    const { owner, mailId, address } = await oneQueued();
    scene.server.refuse(450);
    for (let time = 1; time < MAX_ATTEMPTS.send_mail; time += 1) await workWhenDue();
    expect(await outboxOf(owner)).toMatchObject([
      { state: 'QUEUED', attempts: MAX_ATTEMPTS.send_mail - 1, lastError: expect.stringContaining('450') },
    ]);
    expect(await failedEvents(owner)).toEqual([]);
    await workWhenDue();
    expect(await outboxOf(owner)).toMatchObject([{ state: 'FAILED', attempts: MAX_ATTEMPTS.send_mail }]);
    expect(await failedEvents(owner)).toMatchObject([{ outcome: 'FAILED', details: { address } }]);
    await workWhenDue();
    expect(await failedEvents(owner)).toHaveLength(1);

    const { data } = await admin.graphql(
      '{ attention { failedMails } mailSettings { failed } mails(filter: { state: [FAILED] }) { nodes { id address attempts lastError mayResend } } }',
    );
    expect(data.attention.failedMails).toBe(1);
    expect(data.mailSettings.failed).toBe(1);
    expect(data.mails.nodes).toMatchObject([
      { id: mailId, address, attempts: 14, lastError: expect.stringContaining('450'), mayResend: true },
    ]);
    scene.server.refuse(undefined);
    expect(await resend(admin, mailId)).toMatchObject({ mail: { state: 'QUEUED', attempts: 0 } });
    expect((await scene.arrived()).map((mail) => mail.recipients)).toEqual([[address]]);
  });
});

describe('a mail that the server refuses for good', () => {
  it('is given up at once, and that is written down', async () => {
    const { owner, address } = await oneQueued();
    scene.server.refuse(550);
    await scene.api.work();
    expect(await outboxOf(owner)).toMatchObject([
      { state: 'FAILED', attempts: 1, lastError: expect.stringContaining('550') },
    ]);
    expect(await scene.jobs()).toEqual([]);
    expect(await failedEvents(owner)).toMatchObject([
      {
        outcome: 'FAILED',
        details: { event: 'TOKEN_ASSIGNED', address, error: expect.stringContaining('550') },
      },
    ]);
  });

  it('can be sent again by an administrator, which is written down', async () => {
    const { owner, mailId, address } = await oneQueued();
    scene.server.refuse(550);
    await scene.api.work();
    scene.server.refuse(undefined);
    const auditor = await scene.person('auditor', ['AUDITOR']);
    expect(await resend(auditor, mailId)).toEqual({ refused: 'FORBIDDEN' });
    expect(await resend(owner, mailId)).toEqual({ refused: 'FORBIDDEN' });
    expect(await scene.arrived()).toEqual([]);
    expect(await resend(admin, mailId)).toMatchObject({
      mail: { state: 'QUEUED', attempts: 0, lastError: null },
    });
    expect((await scene.arrived()).map((mail) => mail.recipients)).toEqual([[address]]);
    expect(await resend(admin, mailId)).toMatchObject({
      __typename: 'InvalidState',
      code: 'mail.sent_already',
    });
    const { data } = await admin.graphql(
      'query ($name: String!) { auditEvents(filter: { action: "mail.sent_again", targetUserName: $name }) { nodes { actorName } } }',
      { name: owner.userName },
    );
    expect(data.auditEvents.nodes).toEqual([{ actorName: 'admin' }]);
  });

  it('is sent again to one address three times, then no more for five minutes', async () => {
    const { mailId } = await oneQueued();
    scene.server.refuse(550);
    await scene.api.work();
    for (let time = 0; time < 3; time += 1) {
      expect(await resend(admin, mailId)).toMatchObject({ __typename: 'ResendMailSuccess' });
      await scene.api.work();
    }
    expect(await resend(admin, mailId)).toEqual({ refused: 'RATE_LIMITED' });
    const other = await oneQueued();
    await scene.api.work();
    expect(await resend(admin, other.mailId)).toMatchObject({ __typename: 'ResendMailSuccess' });
    scene.server.refuse(undefined);
    scene.api.clock.advance(301);
    expect(await resend(admin, mailId)).toMatchObject({ __typename: 'ResendMailSuccess' });
    expect(await scene.arrived()).toHaveLength(2);
  });
});

describe('a test mail', () => {
  it('goes to the administrator, or where one says, and not too often', async () => {
    const root = await scene.person('root', ['SUPER_ADMIN']);
    const test = (address?: string) => act(root, 'sendTestMail', { address }, 'mail { event address }');
    expect(await test()).toMatchObject({ mail: { event: 'TEST', address: 'root@example.org' } });
    expect(await test('elsewhere@example.org')).toMatchObject({ __typename: 'SendTestMailSuccess' });
    expect((await scene.arrived()).map((mail) => mail.recipients)).toEqual([
      ['root@example.org'],
      ['elsewhere@example.org'],
    ]);
    for (const address of ['a@b, c@d', 'a@b\r\nBcc: c@d', 'nobody', 'Ann <a@b>']) {
      expect(await test(address)).toMatchObject({
        __typename: 'InvalidInput',
        fields: [{ path: 'address', code: 'email.invalid' }],
      });
    }
    await test();
    await test();
    expect(await test()).toEqual({ refused: 'RATE_LIMITED' });
    expect(await scene.arrived()).toHaveLength(2);
  });
});
