import { builder } from '../../graphql/builder.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import {
  type Branding as BrandingRow,
  readBranding,
  readSettings,
  type Settings,
} from '../settings/read-settings.ts';
import { TokenProfile } from '../token-profiles/token-profile-type.ts';
import { listOffers, type Offer } from './profile-offers.ts';
import { updateBranding } from './update-branding.ts';
import { updateSelfServiceSettings } from './update-self-service-settings.ts';

const ProfileOffer = builder.objectRef<Offer>('ProfileOffer').implement({
  description: 'A profile that people may ask for, with what they see of it.',
  fields: (t) => ({
    profile: t.field({ type: TokenProfile, resolve: ({ profile }) => profile }),
    displayName: t.exposeString('displayName'),
    description: t.exposeString('description'),
    picture: t.exposeString('picture', { nullable: true, description: 'PNG, JPEG or WebP as a data: URL.' }),
    helpUrl: t.exposeString('helpUrl', { nullable: true }),
    appUrl: t.exposeString('appUrl', { nullable: true, description: 'Where the app is to be had.' }),
    mayChooseDevice: t.exposeBoolean('mayChooseDevice', {
      description: 'Whether people may choose the device binding and type a device id.',
    }),
  }),
});

type SelfService = Settings & { offers: Offer[] };

const SelfServiceSettings = builder.objectRef<SelfService>('SelfServiceSettings').implement({
  description: 'What people can do in self-service.',
  fields: (t) => ({
    requestableProfiles: t.field({
      type: [TokenProfile],
      resolve: ({ offers }) => offers.map(({ profile }) => profile),
    }),
    defaultProfile: t.field({
      type: TokenProfile,
      nullable: true,
      resolve: ({ offers, defaultProfileId }) =>
        offers.find(({ profileId }) => profileId === defaultProfileId)?.profile ?? null,
    }),
    offers: t.field({
      type: [ProfileOffer],
      description: 'The requestable profiles in order, with what people see of them.',
      resolve: ({ offers }) => offers,
    }),
    allowActivationLinkByEmail: t.exposeBoolean('allowActivationLinkByEmail', {
      description:
        'QR code fallback: allow e-mail delivery of an activation link if the user cannot scan the QR code. Off by default.',
    }),
    codeInMail: t.exposeBoolean('codeInMail', {
      description: "The model's way: address and activation code in one mail. Off by default.",
    }),
    qrMinutes: t.exposeInt('qrMinutes', { description: 'Minutes a QR code lives.' }),
    linkMinutes: t.exposeInt('linkMinutes', { description: 'Minutes a mailed link lives.' }),
    requestsEnabled: t.exposeBoolean('requestsEnabled'),
    activationEnabled: t.exposeBoolean('activationEnabled'),
    testEnabled: t.exposeBoolean('testEnabled'),
    expiringDays: t.exposeInt('expiringDays', {
      description: 'Days before its end when a token may be replaced as expiring, and its owner is told.',
    }),
    mailConfigured: t.boolean({
      description: 'Whether SMTP_URL is set.',
      resolve: (_row, _args, { deps }) => deps.mail !== null,
    }),
  }),
});

const Branding = builder.objectRef<BrandingRow>('Branding').implement({
  description: 'How the self-service pages look.',
  fields: (t) => ({
    productName: t.exposeString('productName'),
    primaryColor: t.exposeString('primaryColor', {
      nullable: true,
      description: 'Six hex digits after a hash sign; null: as shipped.',
    }),
    logo: t.exposeString('logo', { nullable: true, description: 'PNG, JPEG or WebP as a data: URL.' }),
  }),
});

builder.queryFields((t) => ({
  selfServiceSettings: t.field({
    type: SelfServiceSettings,
    permission: 'SIGNED_IN',
    resolve: async (_root, _args, { deps }) => ({
      ...(await readSettings(deps.db)),
      offers: await listOffers(deps.db),
    }),
  }),
  branding: t.field({
    type: Branding,
    permission: 'PUBLIC',
    resolve: (_root, _args, { deps }) => readBranding(deps.db),
  }),
}));

const ProfileOfferInput = builder.inputType('ProfileOfferInput', {
  fields: (t) => ({
    profileId: t.id({ required: true }),
    displayName: t.string({ description: "Default: the profile's name." }),
    description: t.string(),
    picture: t.string({ description: 'PNG, JPEG or WebP as a data: URL, at most 30 kB; empty: none.' }),
    helpUrl: t.string(),
    appUrl: t.string(),
    mayChooseDevice: t.boolean(),
  }),
});

mutation<{ settings: SelfService }>()('updateSelfServiceSettings', {
  permission: 'SETTINGS_MANAGE',
  description:
    'Only what is given changes. `offers` and `requestableProfileIds` replace the whole list, in this order.',
  input: (t) => ({
    requestableProfileIds: t.idList({ description: 'Keeps what is known of each.' }),
    defaultProfileId: t.id(),
    offers: t.field({ type: [ProfileOfferInput] }),
    allowActivationLinkByEmail: t.boolean(),
    codeInMail: t.boolean(),
    qrMinutes: t.int({ description: '1 to 10.' }),
    linkMinutes: t.int({ description: '5 to 1440.' }),
    requestsEnabled: t.boolean(),
    activationEnabled: t.boolean(),
    testEnabled: t.boolean(),
    expiringDays: t.int({ description: '1 to 365.' }),
  }),
  success: (t) => ({ settings: t.field({ type: SelfServiceSettings, resolve: ({ settings }) => settings }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: async ({ deps }, input) => {
    const profileId = (id: string) => rowId('TokenProfile', id);
    const settings = await updateSelfServiceSettings(deps, {
      ...input,
      requestableProfileIds: input.requestableProfileIds?.map(profileId),
      defaultProfileId: input.defaultProfileId ? profileId(input.defaultProfileId) : input.defaultProfileId,
      offers: input.offers?.map((offer) => ({ ...offer, profileId: profileId(offer.profileId) })),
    });
    return { settings: { ...settings, offers: await listOffers(deps.db) } };
  },
});

mutation<{ branding: BrandingRow }>()('updateBranding', {
  permission: 'SETTINGS_MANAGE',
  description: 'Only what is given changes; an empty value is as shipped.',
  input: (t) => ({
    productName: t.string(),
    primaryColor: t.string({ description: 'Six hex digits after a hash sign, dark enough for white text.' }),
    logo: t.string({ description: 'PNG, JPEG or WebP as a data: URL, at most 100 kB.' }),
  }),
  success: (t) => ({ branding: t.field({ type: Branding, resolve: ({ branding }) => branding }) }),
  failures: ['InvalidInput'],
  run: async ({ deps }, input) => ({ branding: await updateBranding(deps, input) }),
});
