import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { ErrorParam } from '../../graphql/failures.ts';
import { mutation } from '../../graphql/mutation.ts';
import { checkAddresses } from './check-addresses.ts';
import { findingText } from './finding-texts.ts';
import { type Finding, severities, severityOf } from './finding.ts';
import {
  type AddressCheck as Check,
  findPhoneHindrance,
  listAddressChecks,
  purposes,
} from './list-address-checks.ts';

const AddressPurpose = builder.enumType('AddressPurpose', {
  description: 'Who uses an address.',
  values: valuesOf<(typeof purposes)[number]>({
    PHONES: 'Phones and mails: the public URL.',
    CONSOLES: 'The consoles: the admin URL.',
  }),
});
const FindingSeverity = builder.enumType('FindingSeverity', {
  description:
    'OK: as it should be. NOTE: good to know. WARNING: phones may fail, now or later. ERROR: phones fail.',
  values: valuesOf<(typeof severities)[number]>({
    OK: 'As it should be.',
    NOTE: 'Good to know; nothing has to be done.',
    WARNING: 'Phones may fail, now or later.',
    ERROR: 'Phones fail.',
  }),
});

const AddressFinding = builder.objectRef<Finding>('AddressFinding').implement({
  description: 'One thing that a check of an address found.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable; docs/addresses.md lists them.' }),
    severity: t.field({ type: FindingSeverity, description: 'How grave it is.', resolve: severityOf }),
    message: t.string({
      description: 'What is, in plain English.',
      resolve: (found) => findingText(found).message,
    }),
    advice: t.string({
      nullable: true,
      description: 'What to do; null where there is nothing to do.',
      resolve: (found) => findingText(found).advice,
    }),
    params: t.field({
      type: [ErrorParam],
      description: 'What the message names. Days are UTC, YYYY-MM-DD.',
      resolve: ({ params }) =>
        Object.entries(params).map(([name, value]) => ({ name, value: String(value) })),
    }),
  }),
});

const AddressCheck = builder.objectRef<Check>('AddressCheck').implement({
  description: 'An address of the configuration, and what the newest check of it found.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'The public or the admin URL.' }),
    purposes: t.field({
      type: [AddressPurpose],
      description: 'Who uses this address.',
      resolve: (check) => check.purposes,
    }),
    checkedAt: t.expose('checkedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null: not checked yet.',
    }),
    findings: t.field({
      type: [AddressFinding],
      description: 'The gravest first.',
      resolve: (check) => check.findings,
    }),
  }),
});

builder.queryFields((t) => ({
  addressChecks: t.field({
    type: [AddressCheck],
    permission: 'SETTINGS_READ',
    description:
      'The addresses of this installation with the findings of their newest check. They are checked at start, daily, and by checkAddresses.',
    resolve: (_root, _args, { deps }) => listAddressChecks(deps),
  }),
  phoneHindrance: t.field({
    type: AddressFinding,
    nullable: true,
    permission: 'PROFILES_READ',
    description:
      'The gravest reason why phones will not reach the public address: what the address itself says, else its newest check. Null: none is known.',
    resolve: (_root, _args, { deps }) => findPhoneHindrance(deps),
  }),
}));

mutation<{ addressChecks: Check[] }>()('checkAddresses', {
  permission: 'SETTINGS_MANAGE',
  description:
    'Checks the addresses of the configuration from the server’s side, now. Takes up to half a minute where nothing answers.',
  input: (t) => ({
    purpose: t.field({ type: AddressPurpose, description: 'Only addresses that are used so; default: all.' }),
  }),
  success: (t) => ({
    addressChecks: t.field({
      type: [AddressCheck],
      description: 'All addresses, also those that were not checked now.',
      resolve: (success) => success.addressChecks,
    }),
  }),
  failures: ['Conflict'],
  run: async ({ deps }, { purpose }) => ({ addressChecks: await checkAddresses(deps, { purpose }) }),
});
