import { afterAll, beforeAll, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { graphql, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { type MailServer, startMailServer } from '../../../test/mail-server.ts';
import { createTestDatabase } from '../../../test/postgres.ts';
import { approve, ask, requestScene } from '../../../test/requests-scene.ts';

let api: TestApi;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: MailServer;
let admin: Person;
let owner: Person;
/** Somebody's link was made, which only a mail could carry. */
beforeAll(async () => {
  database = await createTestDatabase();
  api = await startTestApi(database);
  server = await startMailServer();
  const scene = await requestScene(api);
  admin = await scene.person('admin', ['SUPER_ADMIN']);
  const approver = await scene.person('approver', ['REQUEST_APPROVER']);
  owner = await scene.person('owner');
  await scene.stock(1);
  const { tokenRequest } = await ask(owner, scene.url);
  await approve(approver, tokenRequest.id);
});
afterAll(async () => {
  await api.close();
  await server.close();
});

const MAILS = `query ($filter: MailFilter) { mails(filter: $filter) {
  nodes { id event state address subject text attempts mayResend recipient { userName } } } }`;
const theLink = async (person: Person) => {
  const { data } = await person.graphql(MAILS, { filter: { event: ['ACTIVATION_LINK'] } });
  expect(data.mails.nodes).toHaveLength(1);
  return data.mails.nodes[0];
};
const at = (url: string, person: Person): Person => ({
  ...person,
  graphql: (document, variables) => graphql(url, person.cookie, document, variables),
});

it('the outbox shows what would have gone, to whom, and nothing waits in the queue', async () => {
  await api.work();
  const { data } = await admin.graphql(MAILS);
  const shown = data.mails.nodes.map((mail: { event: string; address: string }) => [
    mail.event,
    mail.address,
  ]);
  expect(shown.toReversed()).toEqual(
    expect.arrayContaining([
      ['REQUEST_SUBMITTED', 'owner@example.org'],
      ['REQUEST_WAITING', 'approver@example.org'],
      ['REQUEST_WAITING', 'admin@example.org'],
      ['REQUEST_APPROVED', 'owner@example.org'],
      ['ACTIVATION_LINK', 'owner@example.org'],
    ]),
  );
  expect(shown).toHaveLength(5);
  for (const mail of data.mails.nodes) {
    expect(mail).toMatchObject({ state: 'NOT_SENT', attempts: 0, mayResend: false });
  }
});

it('a link is masked in it', async () => {
  const mail = await theLink(admin);
  expect(mail.text).toContain('••••••');
  expect(mail.text).not.toMatch(/activate#|\/activate/);
});

it('a link is shown in the demo on this very machine only, where no mail server is set', async () => {
  const demo = await api.secondInstance({ SYMBOLON_DEMO: '1' });
  expect((await theLink(at(demo.url, admin))).text).toMatch(/\/activate#[\w-]{22}/);
  const mailing = await api.secondInstance({ SYMBOLON_DEMO: '1', SMTP_URL: server.url });
  expect((await theLink(at(mailing.url, admin))).text).not.toContain('/activate#');
});

it('is for administrators and auditors, never for users', async () => {
  expect(await owner.graphql(MAILS)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  const mail = await theLink(admin);
  const { data } = await owner.graphql('query ($id: ID!) { node(id: $id) { id } }', { id: mail.id });
  expect(data.node).toBeNull();
});

it('what needs a mail server says that there is none', async () => {
  const none = { __typename: 'InvalidState', code: 'mail.not_configured' };
  const { id } = await theLink(admin);
  expect(await act(admin, 'resendMail', { mailId: id })).toMatchObject(none);
  expect(await act(admin, 'sendTestMail', {})).toMatchObject(none);
  expect(await act(admin, 'updateSelfServiceSettings', { allowActivationLinkByEmail: true })).toMatchObject(
    none,
  );
  expect(await act(admin, 'updateSelfServiceSettings', { codeInMail: true })).toMatchObject(none);
  const { data } = await admin.graphql(
    '{ selfServiceSettings { allowActivationLinkByEmail codeInMail mailConfigured } mailSettings { configured host } }',
  );
  expect(data).toEqual({
    selfServiceSettings: { allowActivationLinkByEmail: false, codeInMail: false, mailConfigured: false },
    mailSettings: { configured: false, host: null },
  });
});

it('once there is one, a mail that never left is sent when an administrator says so, and only then', async () => {
  const later = await startTestApi(database, { SMTP_URL: server.url });
  const person = at(later.url, admin);
  await later.work();
  expect(server.mails).toEqual([]);
  const { id } = await theLink(person);
  expect(await act(person, 'resendMail', { mailId: id })).toMatchObject({ __typename: 'ResendMailSuccess' });
  await later.work();
  await later.work();
  expect(server.mails.map(({ recipients }) => recipients)).toEqual([['owner@example.org']]);
  expect(server.mails[0]!.text).toMatch(/\/activate#[\w-]{22}/);
  await later.close();
});
