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
    profile: t.field({
      type: TokenProfile,
      description: 'The token profile.',
      resolve: ({ profile }) => profile,
    }),
    displayName: t.exposeString('displayName', {
      description: 'What people see as its name; at most 100 characters.',
    }),
    description: t.exposeString('description', {
      description: 'What people read about it; at most 500 characters, may be empty.',
    }),
    picture: t.exposeString('picture', { nullable: true, description: 'PNG, JPEG or WebP as a data: URL.' }),
    helpUrl: t.exposeString('helpUrl', { nullable: true, description: 'A page of help, https; null: none.' }),
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
      description: 'What people may ask for, in order; retired profiles are left out.',
      resolve: ({ offers }) => offers.map(({ profile }) => profile),
    }),
    defaultProfile: t.field({
      type: TokenProfile,
      nullable: true,
      description: 'The one that is preselected; null: none.',
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
    requestsEnabled: t.exposeBoolean('requestsEnabled', {
      description: 'Whether people may ask for tokens.',
    }),
    activationEnabled: t.exposeBoolean('activationEnabled', {
      description: 'Whether people may activate tokens in self-service.',
    }),
    testEnabled: t.exposeBoolean('testEnabled', {
      description: 'Whether self-service shows «Test your token».',
    }),
    allowFileDelivery: t.exposeBoolean('allowFileDelivery', {
      description:
        'Whether profiles that deliver by file or CTF can be asked for, and their owners take file or string themselves. Off by default.',
    }),
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
    productName: t.exposeString('productName', {
      description: 'What the pages call this installation; at most 40 characters. As shipped: Symbolon.',
    }),
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
    description: 'What people can do in self-service here.',
    resolve: async (_root, _args, { deps }) => ({
      ...(await readSettings(deps.db)),
      offers: await listOffers(deps.db),
    }),
  }),
  branding: t.field({
    type: Branding,
    permission: 'PUBLIC',
    description: 'How the pages look, also before somebody has signed in.',
    resolve: (_root, _args, { deps }) => readBranding(deps.db),
  }),
}));

const ProfileOfferInput = builder.inputType('ProfileOfferInput', {
  description: 'A profile that people may ask for. What is left out stays as it was known of this profile.',
  fields: (t) => ({
    profileId: t.id({ required: true }),
    displayName: t.string({ description: "Default: the profile's name." }),
    description: t.string({ description: 'At most 500 characters; empty: none.' }),
    picture: t.string({ description: 'PNG, JPEG or WebP as a data: URL, at most 30 kB; empty: none.' }),
    helpUrl: t.string({ description: 'https, at most 500 characters; empty: none.' }),
    appUrl: t.string({
      description:
        'https, at most 500 characters; empty: none. Default for a new offer: where the device definition says the app is to be had.',
    }),
    mayChooseDevice: t.boolean({
      description:
        'Whether people may choose the device binding and type a device id. Default for a new offer: false.',
    }),
  }),
});

mutation<{ settings: SelfService }>()('updateSelfServiceSettings', {
  permission: 'SETTINGS_MANAGE',
  description:
    'Only what is given changes. `offers` and `requestableProfileIds` replace the whole list, in this order.',
  input: (t) => ({
    requestableProfileIds: t.idList({ description: 'Keeps what is known of each.' }),
    defaultProfileId: t.id({
      description:
        'Id of the token profile that is preselected, one of those that can be asked for; null: none.',
    }),
    offers: t.field({
      type: [ProfileOfferInput],
      description: 'What people may ask for, at most 20 profiles, each once.',
    }),
    allowActivationLinkByEmail: t.boolean({
      description: 'Whether people who cannot scan may have a link mailed. Needs a mail server.',
    }),
    codeInMail: t.boolean({
      description:
        'Whether such a mail holds address and activation code themselves: whoever reads it can take the token. Needs a mail server.',
    }),
    qrMinutes: t.int({ description: '1 to 10.' }),
    linkMinutes: t.int({ description: '5 to 1440.' }),
    requestsEnabled: t.boolean({ description: 'Whether people may ask for tokens.' }),
    activationEnabled: t.boolean({ description: 'Whether people may activate tokens in self-service.' }),
    testEnabled: t.boolean({ description: 'Whether self-service shows «Test your token».' }),
    allowFileDelivery: t.boolean({
      description: 'Whether people may ask for tokens as files or CTF strings, and take them themselves.',
    }),
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
    productName: t.string({ description: 'At most 40 characters; empty: Symbolon.' }),
    primaryColor: t.string({ description: 'Six hex digits after a hash sign, dark enough for white text.' }),
    logo: t.string({ description: 'PNG, JPEG or WebP as a data: URL, at most 100 kB.' }),
  }),
  success: (t) => ({ branding: t.field({ type: Branding, resolve: ({ branding }) => branding }) }),
  failures: ['InvalidInput'],
  run: async ({ deps }, input) => ({ branding: await updateBranding(deps, input) }),
});
