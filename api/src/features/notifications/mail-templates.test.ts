import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import type { Person } from '../../../test/kit.ts';
import { type MailScene, startMailScene } from '../../../test/mail-scene.ts';
import { profiles, tokensFor } from '../../../test/scene.ts';
import { auditEvents } from '../audit/table.ts';
import { updateBranding } from '../self-service/update-branding.ts';
import { updateUser } from '../users/update-user.ts';
import { mailEvents } from './mail-events.ts';
import { shippedTemplates } from './shipped-templates.ts';
import { mailTemplates } from './table.ts';

let scene: MailScene;
let admin: Person;
let auditor: Person;
let people = 0;
let profile: Awaited<ReturnType<typeof profiles>>;
beforeAll(async () => {
  scene = await startMailScene();
  profile = await profiles(scene.api);
  admin = await scene.person('admin', ['SUPER_ADMIN']);
  auditor = await scene.person('auditor', ['AUDITOR']);
});
beforeEach(() => scene.api.deps.db.delete(mailTemplates));
afterAll(() => scene.close());

type Text = { event: string; subject?: string; body?: string; profileId?: string };
const TEMPLATE = 'template { event subject body changed profile { name } }';
const update = ({ subject = 'Subject', body = 'Hello {{givenName}}', ...place }: Text, person = admin) =>
  act(person, 'updateMailTemplate', { subject, body, ...place }, TEMPLATE);
const reset = (place: Text, person = admin) => act(person, 'resetMailTemplate', place, TEMPLATE);
async function preview(text: { event: string; subject: string; body: string }, person = admin) {
  const { data } = await person.graphql(
    `query ($event: MailEvent!, $subject: String!, $body: String!) {
      previewMail(event: $event, subject: $subject, body: $body) { subject text html problems } }`,
    text,
  );
  return data.previewMail;
}
/** What somebody is mailed who gets a token. */
async function mailed(names: { givenName?: string; familyName?: string } = {}, profileId?: string) {
  const owner = await scene.person(`owner${++people}`);
  await updateUser(scene.api.system, { userId: owner.id, ...names });
  const [token] = await tokensFor(scene.api, owner.id);
  if (profileId) await act(admin, 'distributeToken', { tokenId: `Token_${token!.id}`, profileId });
  return (await scene.arrived()).at(-1)!;
}

describe('the text of a mail', () => {
  it('is as shipped until an administrator changes it, and again when it is reset', async () => {
    const list = '{ mailTemplates { event subject body changed profile { name } } }';
    const { data } = await auditor.graphql(list);
    expect(data.mailTemplates).toHaveLength(mailEvents.length);
    expect(data.mailTemplates).toEqual(
      expect.arrayContaining([
        { event: 'TOKEN_ASSIGNED', ...shippedTemplates.TOKEN_ASSIGNED, changed: false, profile: null },
      ]),
    );
    const text = { event: 'TOKEN_ASSIGNED', subject: 'Yours: {{serialNumber}}', body: 'Hi {{givenName}}!' };
    expect(await update(text)).toMatchObject({ template: { ...text, changed: true, profile: null } });
    const mail = await mailed({ givenName: 'Zoë' });
    expect(mail.subject).toMatch(/^Yours: \d{4} \d{4} \d{4}$/);
    expect(mail.text).toBe('Hi Zoë!\n');
    expect(await reset({ event: 'TOKEN_ASSIGNED' })).toMatchObject({
      template: { ...shippedTemplates.TOKEN_ASSIGNED, changed: false },
    });
    expect((await mailed()).subject).toMatch(/^Token .* is yours$/);
    const written = (await scene.api.deps.db.select().from(auditEvents)).map(({ action }) => action);
    expect(written).toEqual(expect.arrayContaining(['mail_template.updated', 'mail_template.reset']));
  });

  it('is changed by those who may manage settings only', async () => {
    expect(await update({ event: 'TEST' }, auditor)).toEqual({ refused: 'FORBIDDEN' });
    expect(await reset({ event: 'TEST' }, auditor)).toEqual({ refused: 'FORBIDDEN' });
    const user = await scene.person('user');
    const answer = await user.graphql('{ mailTemplates { event } }');
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it('may be a profile’s own where that makes sense, and goes back to the text of all', async () => {
    const profileId = `TokenProfile_${profile.qr.id}`;
    await update({ event: 'TOKEN_READY', subject: 'For all', body: 'All' });
    expect(
      await update({ event: 'TOKEN_READY', subject: 'For the iPhone', body: 'Own', profileId }),
    ).toMatchObject({ template: { profile: { name: 'iPhone by QR' } } });
    expect((await mailed({}, profileId)).subject).toBe('For the iPhone');
    expect((await mailed({}, `TokenProfile_${profile.url.id}`)).subject).toBe('For all');
    expect(await reset({ event: 'TOKEN_READY', profileId })).toMatchObject({
      template: { subject: 'For all' },
    });
    expect((await mailed({}, profileId)).subject).toBe('For all');
    expect(await update({ event: 'TOKEN_LOST', profileId })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: 'profileId', code: 'mail_template.not_per_profile' }],
    });
    const unknown = 'TokenProfile_00000000-0000-7000-8000-000000000000';
    expect(await update({ event: 'TOKEN_READY', profileId: unknown })).toMatchObject({
      __typename: 'NotFound',
    });
  });
});

describe('a text is refused', () => {
  const REASONS = `mutation ($input: UpdateMailTemplateInput!) { updateMailTemplate(input: $input) {
    __typename ... on InvalidInput { fields { message } } } }`;
  const reasons = async (text: { subject?: string; body?: string }, event = 'TOKEN_ASSIGNED') => {
    const input = { event, subject: 'Subject', body: 'Body', ...text };
    const { data } = await admin.graphql(REASONS, { input });
    const shown = await preview(input);
    const message = (data.updateMailTemplate.fields ?? []).map((field: { message: string }) => field.message);
    expect(shown.problems.join(' '), 'the preview says the same').toBe(message.join());
    expect(shown).toMatchObject({ subject: '', text: '', html: '' });
    return message.join();
  };

  it('with a variable that the mail does not have: the answer lists those that it has', async () => {
    const said = await reasons({ body: 'Code: {{activationCode}}' });
    expect(said).toMatch(/^\{\{activationCode\}\} is unknown in this mail\. Known are /);
    for (const name of ['productName', 'userName', 'fullName', 'givenName', 'serialNumber', 'actorName']) {
      expect(said).toContain(`{{${name}}}`);
    }
  });

  it.each([
    'Go to https://evil.example/',
    'Go to www.evil.example',
    'Write to mailto:evil@evil.example',
    'Go to HTTP://evil.example',
  ])('with an address of its own: %s', async (body) => {
    expect(await reasons({ body })).toContain('Links come from variables only.');
    expect(await reasons({ subject: body })).toContain('Links come from variables only.');
  });

  it.each(['{{#givenName}}x{{/givenName}}', '{{{givenName}}}', '{{&givenName}}', '{{>partial}}'])(
    'with more than variables: %s',
    async (body) => {
      expect(await reasons({ body })).toContain('Only variables like {{givenName}} are possible here');
    },
  );

  it('when it is empty, too long, or its subject has two lines', async () => {
    expect(await reasons({ subject: ' ' })).toBe('The subject is empty.');
    expect(await reasons({ body: '' })).toBe('The text is empty.');
    expect(await reasons({ subject: 'x'.repeat(201) })).toBe('The subject has more than 200 characters.');
    expect(await reasons({ body: 'x'.repeat(5001) })).toBe('The text has more than 5000 characters.');
    expect(await reasons({ subject: 'Hello\r\nBcc: evil@evil.example' })).toBe(
      'The subject has more than one line.',
    );
  });

  it('of the link without the link, or with the code in the subject', async () => {
    expect(await reasons({ body: 'Look at your mail' }, 'ACTIVATION_LINK')).toContain(
      'Without {{activationLink}} this mail is of no use.',
    );
    const secret = { subject: '{{activationCode}}', body: '{{ctKipUrl}} {{activationCode}}' };
    expect(await reasons(secret, 'ACTIVATION_CODE')).toContain('{{activationCode}} is secret');
  });
});

describe('the preview', () => {
  it('shows a text with samples and the name of this installation, and keeps nothing', async () => {
    await updateBranding(scene.api.system, { productName: 'Tokens & Co' });
    const text = {
      event: 'TOKEN_ASSIGNED',
      subject: '{{productName}}: {{serialNumber}}',
      body: '{{selfServiceLink}}',
    };
    const shown = await preview(text, auditor);
    await updateBranding(scene.api.system, { productName: '' });
    expect(shown).toMatchObject({
      subject: 'Tokens & Co: 0001 2345 6789',
      text: 'http://localhost:4000/my\n',
      problems: [],
    });
    expect(shown.html).toContain('<a href="http://localhost:4000/my"');
    expect(shown.html).toContain('Tokens &amp; Co');
    expect(await scene.api.deps.db.select().from(mailTemplates)).toEqual([]);
  });
});

describe('names are text', () => {
  it('HTML in them is no HTML in the mail', async () => {
    const givenName = '<img src=x onerror=alert(1)>';
    const mail = await mailed({ givenName, familyName: '<a href="https://evil.example">Click</a>' });
    expect(mail.text).toContain(`Hello ${givenName},`);
    expect(mail.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(mail.html).not.toMatch(/<img|<script|href="https:\/\/evil/);
  });

  it('variables in them are no variables', async () => {
    const mail = await mailed({ givenName: '{{selfServiceLink}} {{{userName}}}' });
    expect(mail.text).toContain('Hello {{selfServiceLink}} {{{userName}}},');
  });

  it('commas, quotes and addresses in them add no recipient and no header', async () => {
    await update({ event: 'TOKEN_ASSIGNED', subject: 'For {{fullName}}', body: 'Hello {{fullName}}' });
    const familyName = 'Smith", <evil@evil.example>, "x';
    const mail = await mailed({ givenName: 'Bcc: evil@evil.example', familyName });
    expect(mail.recipients).toHaveLength(1);
    expect(mail.recipients[0]).toMatch(/^owner\d+@example\.org$/);
    expect(mail.subject).toBe(`For Bcc: evil@evil.example ${familyName}`);
    expect(mail).not.toHaveProperty('bcc');
    expect([...mail.headers.keys()].toSorted()).toEqual(
      [
        'auto-submitted',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
      ].toSorted(),
    );
  });

  it('with line breaks or other control characters they are refused where they are typed', async () => {
    const owner = await scene.person('typed');
    for (const tail of ['\r\nBcc: evil@evil.example', '\nBcc: evil@evil.example', '\r', '\u0007']) {
      const input = { userId: `User_${owner.id}`, givenName: `Ann${tail}x` };
      expect(await act(admin, 'updateUser', input), JSON.stringify(tail)).toMatchObject({
        __typename: 'InvalidInput',
        fields: [{ path: 'givenName', code: 'name.invalid' }],
      });
    }
  });

  it('line separators that look like one in Unicode begin no line in a subject', async () => {
    await update({ event: 'TOKEN_ASSIGNED', subject: 'For {{givenName}}', body: 'Hello {{givenName}}' });
    const mail = await mailed({ givenName: 'Ann\u2028Bcc: evil@evil.example' });
    expect(mail.subject).toBe('For Ann Bcc: evil@evil.example');
    expect(mail.text).toBe('Hello Ann Bcc: evil@evil.example\n');
  });

  it('an address with a line break, a comma or a name is no address', async () => {
    const owner = await scene.person('addressed');
    for (const email of [
      'a@example.org\r\nBcc: evil@evil.example',
      'a@example.org,evil@evil.example',
      'a@example.org;evil@evil.example',
      'A <a@example.org>',
      'a@example.org evil@evil.example',
    ]) {
      const answer = await act(admin, 'updateUser', { userId: `User_${owner.id}`, email });
      expect(answer, email).toMatchObject({ fields: [{ path: 'email', code: 'email.invalid' }] });
    }
  });
});
