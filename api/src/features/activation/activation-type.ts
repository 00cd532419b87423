import { and, desc, eq, inArray } from 'drizzle-orm';
import { isSelf } from '../../auth/actor.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { Distribution } from '../distribution/distribution-type.ts';
import { Token, visibleToken } from '../tokens/token-type.ts';
import { stateAt } from './activation-state.ts';
import { deskNumberOf, hasTicket } from './activation-ticket.ts';
import { type ActivationRow, activations } from './table.ts';

export const ActivationStateEnum = builder.enumType('ActivationState', {
  description:
    'OPEN: waits for a phone. CONTACTED: a phone has begun; nothing is spent yet. ACTIVATED: a seed is agreed, provisional; of an otpauth QR code: it has gone, and its code may still be typed. CONFIRMED: its owner proved it. EXPIRED: at `expiresAt` when OPEN; when CONTACTED, after the 60 s in which a run begun in time may finish. CANCELLED: also after five failed second passes.',
  values: valuesOf({
    OPEN: 'Waits for a phone.',
    CONTACTED: 'A phone has begun; nothing is spent yet.',
    ACTIVATED: 'A seed is agreed, provisional; its owner has to enter a tokencode of it.',
    CONFIRMED: 'A tokencode of the seed was accepted. End.',
    EXPIRED: 'Was not used in time. End.',
    CANCELLED:
      'Stopped: by a person, by a link sent instead, by disabling, unassigning or distributing again, by a new QR code, or after five failed second passes. End.',
  }),
});

/** An activation if the viewer may see it: the owner it was made for, or with TOKENS_READ anybody. */
export async function visibleActivation(context: GraphQLContext, id: string): Promise<ActivationRow | null> {
  const { viewer, deps } = context;
  if (!viewer) return null;
  const [row] = await deps.db.select().from(activations).where(eq(activations.id, id));
  if (!row || !(await visibleToken(context, row.tokenId))) return null;
  return isSelf(viewer, row.ownerId) || viewer.permissions.has('TOKENS_READ') ? row : null;
}

export const Activation = nodeRef<ActivationRow>('Activation', visibleActivation);

Activation.implement({
  description: 'The minutes in which a QR code can be scanned.',
  interfaces: [Node],
  fields: (t) => ({
    token: t.field({
      type: Token,
      description: 'The token that is activated.',
      resolve: async ({ tokenId }, _args, { loaders }) => (await loaders.token.clear(tokenId).load(tokenId))!,
    }),
    state: t.field({
      type: ActivationStateEnum,
      description: 'Where it stands now.',
      resolve: (row, _args, { deps }) => stateAt(row, deps.clock.now()),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description:
        'Until when a phone may begin. Count down from `secondsLeft` instead of comparing with a clock of your own.',
    }),
    secondsLeft: t.int({
      description: "Seconds left by the server's clock when this was answered.",
      resolve: (row, _args, { deps }) => {
        const isOpen = row.state === 'OPEN' || row.state === 'CONTACTED';
        const left = (row.expiresAt.getTime() - deps.clock.now().getTime()) / 1000;
        return isOpen ? Math.max(0, Math.ceil(left)) : 0;
      },
    }),
    secondsToConfirm: t.int({
      nullable: true,
      description:
        'For an otpauth QR code: seconds in which the code that the app shows may be typed, also after the QR code has gone; null else.',
      resolve: ({ state, confirmUntil }, _args, { deps }) => {
        if (!confirmUntil || state !== 'OPEN') return null;
        return Math.max(0, Math.ceil((confirmUntil.getTime() - deps.clock.now().getTime()) / 1000));
      },
    }),
    device: t.exposeString('device', {
      nullable: true,
      description: 'What the phone said of itself; null if nothing, or none has come.',
    }),
    byLink: t.boolean({
      description: 'It was mailed as a link: no QR code belongs to it.',
      resolve: ({ sentTo }) => sentTo !== null,
    }),
    sentTo: t.exposeString('sentTo', {
      nullable: true,
      description: 'Masked address to which the link went.',
    }),
    deskNumber: t.string({
      nullable: true,
      description:
        'The six digits that the mailed page asks for, for its owner while it is open; null where address and code were mailed.',
      resolve: async (row, _args, { deps, viewer }) => {
        const isOpen = ['OPEN', 'CONTACTED'].includes(stateAt(row, deps.clock.now()));
        const isShown =
          row.sentTo && isOpen && isSelf(viewer, row.ownerId) && (await hasTicket(deps.db, row));
        return isShown ? deskNumberOf(deps, row) : null;
      },
    }),
    tokencodeLength: t.int({
      description:
        'Digits that the phone shows once it is activated; a former seed may have had another length.',
      resolve: async ({ tokenId }, _args, { loaders }) => {
        const token = (await loaders.token.load(tokenId))!;
        return token.provisional?.tokencodeLength ?? token.profile?.tokencodeLength ?? 8;
      },
    }),
  }),
});

builder.objectField(Token, 'openActivation', (t) =>
  t.field({
    type: Activation,
    nullable: true,
    description:
      'The activation of a QR distribution that is under way, if any: OPEN, CONTACTED, or ACTIVATED until its owner has confirmed it.',
    resolve: async (token, _args, { deps }) => {
      const isUrl = token.profile?.deliveryMethod === 'CT_KIP_URL';
      if (isUrl || (!token.pending && !token.provisional)) return null;
      const [row] = await deps.db
        .select()
        .from(activations)
        .where(
          and(
            eq(activations.tokenId, token.id),
            // An otpauth QR code is open with its seed there already.
            inArray(activations.state, token.provisional ? ['ACTIVATED', 'OPEN'] : ['OPEN', 'CONTACTED']),
          ),
        )
        .orderBy(desc(activations.createdAt))
        .limit(1);
      return row && stateAt(row, deps.clock.now()) !== 'EXPIRED' ? row : null;
    },
  }),
);

builder.objectField(Distribution, 'activation', (t) =>
  t.field({
    type: Activation,
    nullable: true,
    description:
      'Its newest activation, whatever became of it. Of a URL distribution it is there from the beginning; for a QR code it is null until the owner shows one.',
    resolve: async ({ id }, _args, context) => {
      const [row] = await context.deps.db
        .select({ id: activations.id })
        .from(activations)
        .where(eq(activations.distributionId, id))
        .orderBy(desc(activations.createdAt))
        .limit(1);
      return row ? visibleActivation(context, row.id) : null;
    },
  }),
);
