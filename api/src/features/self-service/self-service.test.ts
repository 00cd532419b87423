import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { graphql, type Person } from '../../../test/kit.ts';
import { type MailScene, startMailScene } from '../../../test/mail-scene.ts';
import { profiles } from '../../../test/scene.ts';
import { auditEvents } from '../audit/table.ts';
import { defaultBranding, defaultSettings, readBranding, readSettings } from '../settings/read-settings.ts';
import { retireTokenProfile } from '../token-profiles/retire-token-profile.ts';

let scene: MailScene;
let admin: Person;
let qr: string;
let url: string;
beforeAll(async () => {
  scene = await startMailScene();
  admin = await scene.person('admin', ['SUPER_ADMIN']);
  const made = await profiles(scene.api);
  [qr, url] = [`TokenProfile_${made.qr.id}`, `TokenProfile_${made.url.id}`];
});
afterAll(() => scene.close());

const SETTINGS =
  'settings { allowActivationLinkByEmail codeInMail qrMinutes linkMinutes expiringDays defaultProfile { id } offers { profile { id } displayName description picture helpUrl appUrl mayChooseDevice } }';
const BRANDING = 'branding { productName primaryColor logo }';
const settings = (input: object, person = admin) => act(person, 'updateSelfServiceSettings', input, SETTINGS);
const branding = (input: object, person = admin) => act(person, 'updateBranding', input, BRANDING);
const policy = (input: object, person = admin) =>
  act(
    person,
    'updateWorkflowPolicy',
    input,
    'policy { approvalSteps requestDays minimumTokenDays generatedTokenDays officeHoursFrom officeHoursTo officeTimeZone }',
  );
const refused = (path: string, code: string) => ({ __typename: 'InvalidInput', fields: [{ path, code }] });
const changes = () =>
  scene.api.deps.db.select().from(auditEvents).where(eq(auditEvents.action, 'settings.updated'));

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const picture = (type: string, content: Buffer) => `data:${type};base64,${content.toString('base64')}`;
const png = picture('image/png', PNG);
/** What is no picture, whatever it says that it is. */
const noPictures: [string, string][] = [
  ['an SVG', picture('image/svg+xml', SVG)],
  ['an SVG that says it is a PNG', picture('image/png', SVG)],
  ['a PNG that says it is a JPEG', picture('image/jpeg', PNG)],
  ['HTML', picture('text/html', Buffer.from('<b>x</b>'))],
  ['an address', 'https://evil.example/logo.png'],
  ['a script', 'javascript:alert(1)'],
  ['an SVG without base64', `data:image/svg+xml,${encodeURIComponent(SVG.toString())}`],
  ['a PNG with more behind it', `${png}"><script>`],
  ['nothing', 'data:image/png;base64,'],
];

describe('minutes and days', () => {
  it.each([
    ['qrMinutes', 'qr_minutes.range', 1, 10],
    ['linkMinutes', 'link_minutes.range', 5, 1440],
    ['expiringDays', 'expiring_days.range', 1, 365],
  ])('%s lie within limits', async (field, code, least, most) => {
    for (const value of [least - 1, most + 1, -1]) {
      expect(await settings({ [field]: value })).toMatchObject(refused(field, code));
    }
    for (const value of [least, most]) {
      expect(await settings({ [field]: value })).toMatchObject({ settings: { [field]: value } });
    }
  });

  it.each([
    ['approvalSteps', 'approval_steps.range', 0, 4],
    ['requestDays', 'request_days.range', 1, 365],
    ['minimumTokenDays', 'minimum_token_days.range', 0, 3650],
    ['generatedTokenDays', 'generated_token_days.range', 30, 3650],
    ['officeHoursFrom', 'office_hours.range', 0, 23],
    ['officeHoursTo', 'office_hours.range', 1, 24],
  ])('%s of the workflow policy lie within limits', async (field, code, least, most) => {
    await policy({ generatedTokenDays: 3650, minimumTokenDays: 0, officeHoursFrom: 0, officeHoursTo: 24 });
    for (const value of [least - 1, most + 1]) {
      const { __typename, fields } = await policy({ [field]: value });
      expect(__typename).toBe('InvalidInput');
      expect(fields).toContainEqual({ path: field, code });
    }
    for (const value of [least, most]) {
      expect(await policy({ [field]: value })).toMatchObject({ policy: { [field]: value } });
      await policy({ officeHoursFrom: 0, officeHoursTo: 24 });
    }
  });

  it('of the workflow policy fit together, also with what was set before', async () => {
    await policy({ officeHoursFrom: 8, officeHoursTo: 17, minimumTokenDays: 90, generatedTokenDays: 365 });
    expect(await policy({ officeHoursFrom: 17 })).toMatchObject(
      refused('officeHoursTo', 'office_hours.order'),
    );
    expect(await policy({ minimumTokenDays: 366 })).toMatchObject(
      refused('generatedTokenDays', 'generated_token_days.short'),
    );
    expect(await policy({ officeTimeZone: 'Mars/Olympus' })).toMatchObject(
      refused('officeTimeZone', 'time_zone.unknown'),
    );
    expect(await policy({ officeTimeZone: 'Europe/Berlin' })).toMatchObject({
      policy: { officeHoursFrom: 8, minimumTokenDays: 90, officeTimeZone: 'Europe/Berlin' },
    });
  });

  it('that are refused change nothing, not even what was right beside them', async () => {
    const before = await readSettings(scene.api.deps.db);
    const rows = (await changes()).length;
    await settings({ qrMinutes: 11, linkMinutes: 30, testEnabled: false });
    await policy({ approvalSteps: 5, requestDays: 7 });
    expect(await readSettings(scene.api.deps.db)).toEqual(before);
    expect(await changes()).toHaveLength(rows);
  });
});

describe('links by mail', () => {
  it('are switched on and off, which is written down; they need a mail server', async () => {
    expect(await settings({ allowActivationLinkByEmail: true })).toMatchObject({
      settings: { allowActivationLinkByEmail: true, codeInMail: false },
    });
    expect((await changes()).at(-1)).toMatchObject({
      actorName: 'admin',
      details: { 'allowActivationLinkByEmail before': 'false', allowActivationLinkByEmail: 'true' },
    });
    const silent = await scene.api.secondInstance();
    const there: Person = {
      ...admin,
      graphql: (text, values) => graphql(silent.url, admin.cookie, text, values),
    };
    for (const field of ['allowActivationLinkByEmail', 'codeInMail']) {
      expect(await settings({ [field]: true }, there)).toMatchObject({
        __typename: 'InvalidState',
        code: 'mail.not_configured',
      });
    }
    expect(
      await settings({ allowActivationLinkByEmail: false }, there),
      'off is always possible',
    ).toMatchObject({
      settings: { allowActivationLinkByEmail: false },
    });
  });
});

describe('what can be asked for', () => {
  it('is a list in order, with what people see; what is not said stays', async () => {
    const offers = [
      { profileId: url, displayName: 'By link', description: 'For iPhones', picture: png },
      { profileId: qr, helpUrl: 'https://help.example/', mayChooseDevice: true },
    ];
    expect(await settings({ offers, defaultProfileId: qr })).toMatchObject({
      settings: {
        defaultProfile: { id: qr },
        offers: [
          { profile: { id: url }, displayName: 'By link', description: 'For iPhones', picture: png },
          { profile: { id: qr }, displayName: 'iPhone by QR', helpUrl: 'https://help.example/' },
        ],
      },
    });
    expect(await settings({ requestableProfileIds: [url] })).toMatchObject({
      settings: { defaultProfile: null, offers: [{ displayName: 'By link', picture: png }] },
    });
  });

  it.each(noPictures)('has no picture that is %s', async (_what, data) => {
    expect(await settings({ offers: [{ profileId: qr, picture: data }] })).toMatchObject(
      refused('offers.0.picture', 'picture.invalid'),
    );
  });

  it('has no large picture, no long text and no links but https', async () => {
    const large = picture('image/png', Buffer.concat([PNG, Buffer.alloc(51 * 1024)]));
    const wrong: [object, string][] = [
      [{ picture: large }, 'picture'],
      [{ displayName: 'x'.repeat(101) }, 'displayName'],
      [{ displayName: 'a\nb' }, 'displayName'],
      [{ description: 'x'.repeat(501) }, 'description'],
      [{ helpUrl: 'http://help.example/' }, 'helpUrl'],
      [{ appUrl: 'javascript:alert(1)' }, 'appUrl'],
      [{ appUrl: 'https://user:word@app.example/' }, 'appUrl'],
    ];
    for (const [said, field] of wrong) {
      const { fields } = await settings({ offers: [{ profileId: qr, ...said }] });
      expect(fields, field).toMatchObject([{ path: `offers.0.${field}` }]);
    }
  });

  it('is no profile twice, unknown, retired, or a default that is not offered', async () => {
    expect(await settings({ requestableProfileIds: [qr, qr] })).toMatchObject(
      refused('offers', 'offers.count'),
    );
    const unknown = 'TokenProfile_00000000-0000-7000-8000-000000000000';
    expect(await settings({ requestableProfileIds: [unknown] })).toMatchObject({ __typename: 'NotFound' });
    expect(await settings({ requestableProfileIds: [url], defaultProfileId: qr })).toMatchObject({
      code: 'token_profile.not_offered',
    });
    await retireTokenProfile(scene.api.system, { profileId: url.slice('TokenProfile_'.length) });
    expect(await settings({ requestableProfileIds: [url] })).toMatchObject({ code: 'token_profile.retired' });
  });
});

describe('the look', () => {
  it('changes, is seen without a session, and goes back to what was shipped', async () => {
    const look = { productName: 'Tokens & Co', primaryColor: '#0F5A66', logo: png };
    const kept = { ...look, primaryColor: '#0f5a66' };
    expect(await branding(look)).toMatchObject({ branding: kept });
    const seen = await graphql(scene.api.url, undefined, `{ ${BRANDING} }`);
    expect(seen.data.branding).toEqual(kept);
    expect(await branding({ primaryColor: '' })).toMatchObject({
      branding: { ...kept, primaryColor: null },
    });
    await branding({ productName: '', logo: '' });
    expect(await readBranding(scene.api.deps.db)).toEqual(defaultBranding);
    expect(JSON.stringify(await changes()), 'the log holds no picture').not.toContain('data:image');
  });

  it.each(noPictures)('has no logo that is %s', async (_what, data) => {
    expect(await branding({ logo: data })).toMatchObject(refused('logo', 'picture.invalid'));
  });

  it('has no logo of more than 100 kB', async () => {
    const logo = picture('image/png', Buffer.concat([PNG, Buffer.alloc(101 * 1024)]));
    expect(await branding({ logo })).toMatchObject(refused('logo', 'picture.invalid'));
  });

  it.each(['red', '#fff', '#12345', '#gggggg', 'url(x)', '#0f5a66;background:url(x)'])(
    'has no colour like %s',
    async (primaryColor) => {
      expect(await branding({ primaryColor })).toMatchObject(refused('primaryColor', 'color.invalid'));
    },
  );

  it('has no colour on which white text cannot be read', async () => {
    expect(await branding({ primaryColor: '#ffff00' })).toMatchObject(
      refused('primaryColor', 'color.contrast'),
    );
    expect(await branding({ primaryColor: '#777777' })).toMatchObject(
      refused('primaryColor', 'color.contrast'),
    );
    expect(await branding({ primaryColor: '#767676' })).toMatchObject({
      __typename: 'UpdateBrandingSuccess',
    });
  });

  it('has a name of at most 40 characters in one line', async () => {
    for (const productName of ['x'.repeat(41), 'a\r\nBcc: evil@evil.example', 'a\u202Eb']) {
      expect(await branding({ productName })).toMatchObject(refused('productName', 'product_name.long'));
    }
  });
});

it('only those who manage settings change any of it', async () => {
  const before = await readSettings(scene.api.deps.db);
  for (const role of ['AUDITOR', 'TOKEN_ADMIN', 'REQUEST_APPROVER'] as const) {
    const person = await scene.person(role.toLowerCase(), [role]);
    expect(await settings({ qrMinutes: 2 }, person)).toEqual({ refused: 'FORBIDDEN' });
    expect(await branding({ productName: 'Mine' }, person)).toEqual({ refused: 'FORBIDDEN' });
    expect(await policy({ approvalSteps: 0 }, person)).toEqual({ refused: 'FORBIDDEN' });
  }
  expect(await readSettings(scene.api.deps.db)).toEqual(before);
  expect(Object.keys(before).toSorted()).toEqual(Object.keys(defaultSettings).toSorted());
});
