import { GraphQLError } from 'graphql';
import { builder } from '../../graphql/builder.ts';
import { readGlobalId, rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { Activation, visibleActivation } from './activation-type.ts';
import { cancelActivation } from './cancel-activation.ts';
import { type OpenedActivationLink, openActivationLink } from './open-activation-link.ts';
import { type SentActivationLink, sendActivationLink } from './send-activation-link.ts';
import { type StartedActivation, startActivation } from './start-activation.ts';
import type { ActivationRow } from './table.ts';
import { watchActivation } from './watch-activation.ts';

const idOf = (id: string): string | undefined => {
  const read = readGlobalId(id);
  return read?.typename === 'Activation' ? read.id : undefined;
};

builder.queryField('activation', (t) =>
  t.field({
    type: Activation,
    nullable: true,
    permission: 'SIGNED_IN',
    description:
      'An activation by its id; null when there is none that the caller may see: the owner, or TOKENS_READ.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, context) => {
      const activationId = idOf(id);
      return activationId ? visibleActivation(context, activationId) : null;
    },
  }),
);

mutation<StartedActivation>()('startActivation', {
  permission: 'IN_PERSON',
  description:
    'For the owner of a token with an open QR distribution (`pendingDistribution`), or whose newest seed is provisional. An open activation is answered again, in any tab or session.',
  input: (t) => ({ tokenId: t.id({ required: true }) }),
  success: (t) => ({
    activation: t.field({ type: Activation, resolve: ({ activation }) => activation }),
    link: t.exposeString('link', { description: 'What the QR code holds.' }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: ({ deps }, input) => startActivation(deps, { tokenId: rowId('Token', input.tokenId) }),
});

mutation<{ activation: ActivationRow }>()('cancelActivation', {
  permission: 'SIGNED_IN',
  description: 'Ends an open activation, or throws away its provisional seed («I did not scan this»).',
  input: (t) => ({ activationId: t.id({ required: true }) }),
  success: (t) => ({ activation: t.field({ type: Activation, resolve: ({ activation }) => activation }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: async ({ deps }, input) => ({
    activation: await cancelActivation(deps, { activationId: rowId('Activation', input.activationId) }),
  }),
});

mutation<SentActivationLink>()('sendActivationLink', {
  permission: 'IN_PERSON',
  description:
    "For the owner who cannot scan, where the administrator allows it: mails a link to a page of ours to the owner's address. An open QR code dies.",
  input: (t) => ({ tokenId: t.id({ required: true }) }),
  success: (t) => ({
    activation: t.field({ type: Activation, resolve: ({ activation }) => activation }),
    sentTo: t.exposeString('sentTo', { description: 'Masked address.' }),
    number: t.exposeString('number', {
      nullable: true,
      description: 'Six digits that the mailed page asks for; null where address and code were mailed.',
    }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'Unsupported'],
  run: ({ deps }, input) => sendActivationLink(deps, { tokenId: rowId('Token', input.tokenId) }),
});

mutation<OpenedActivationLink>()('openActivationLink', {
  permission: 'PUBLIC',
  description:
    "Spends the ticket of a mailed link and answers the phone's own link, once. Takes the ticket and either the owner's session or the six digits that the desk shows (three tries).",
  input: (t) => ({
    ticket: t.string({ required: true, description: 'What stands behind the `#` of the mailed link.' }),
    number: t.string({
      description: "The six digits that the desk shows. Not needed in the owner's session.",
    }),
  }),
  success: (t) => ({
    link: t.exposeString('link', { description: "The phone's own CT-KIP link." }),
    ctKipUrl: t.string({
      nullable: true,
      description: 'Where the link does not hold the code: address and code are typed in the app.',
      resolve: ({ typed }) => typed?.ctKipUrl ?? null,
    }),
    activationCode: t.string({
      nullable: true,
      description: 'The code that is typed in the app; null where the link holds it.',
      resolve: ({ typed }) => typed?.activationCode ?? null,
    }),
    serialNumber: t.exposeString('serialNumber', {
      description: 'Serial number of the token, without spaces.',
    }),
    deviceType: t.exposeString('deviceType', { description: 'Name of the device type that it is for.' }),
    minutesLeft: t.exposeInt('minutesLeft', {
      description: 'Minutes until the activation expires, rounded up.',
    }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: ({ deps }, input) => openActivationLink(deps, input),
});

builder.subscriptionField('activationChanged', (t) =>
  t.field({
    type: Activation,
    permission: 'SIGNED_IN',
    description:
      'First the present state, then every change; completes at an end state. EXPIRED is sent when it happens.',
    args: { id: t.arg.id({ required: true }) },
    subscribe: async (_root, { id }, context) => {
      const activationId = idOf(id);
      const maySee = async () => {
        if (!activationId) return false;
        // Loaded anew each time: the token may have another owner since the last news.
        context.loaders.token.clearAll();
        return (await visibleActivation(context, activationId)) !== null;
      };
      if (!activationId || !(await maySee())) {
        throw new GraphQLError('There is no such activation.', { extensions: { code: 'NOT_FOUND' } });
      }
      return watchActivation(context.deps, activationId, maySee);
    },
    resolve: (row) => row,
  }),
);
