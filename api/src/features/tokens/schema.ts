import { eq } from 'drizzle-orm';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { TokenAlgorithmEnum } from '../device-definitions/device-definition-type.ts';
import { assignTokens } from './assign-tokens.ts';
import { disableTokens, enableTokens } from './enable-tokens.ts';
import { generateTokens } from './generate-tokens.ts';
import { listTokens } from './list-tokens.ts';
import { nextOwnSerial } from './serial-number.ts';
import { type TokenRow, tokens } from './table.ts';
import { Token, TokenStatusEnum, visibleToken } from './token-type.ts';
import type { TokenView } from './token-view.ts';
import { renameToken } from './rename-token.ts';
import { unassignTokens } from './unassign-tokens.ts';

const TokenConnection = connectionType('Token', Token);
const TokenFilter = builder.inputType('TokenFilter', {
  description: 'Which tokens a list shows: those that match all that is given.',
  fields: (t) => ({
    search: t.string({
      description:
        'Any part of the serial number (also in groups), the nickname, or the user name, given and family name of its owner; without case.',
    }),
    status: t.field({ type: [TokenStatusEnum], description: 'In one of these.' }),
    assignedToId: t.id({ description: 'Id of the owner.' }),
    profileId: t.id({ description: 'Id of the token profile by which it was last distributed.' }),
    expiresBefore: t.field({
      type: 'Date',
      description: 'Last valid day before this one. Tokens that do not expire are left out.',
    }),
  }),
});

builder.queryFields((t) => ({
  token: t.field({
    type: Token,
    nullable: true,
    permission: 'SIGNED_IN',
    description: 'A token by its serial number; null when there is none that the caller may see.',
    args: { serialNumber: t.arg.string({ required: true, description: 'With or without spaces.' }) },
    resolve: async (_root, { serialNumber }, context) => {
      const key = serialNumber.replaceAll(' ', '').toLowerCase();
      const [row] = await context.deps.db
        .select({ id: tokens.id })
        .from(tokens)
        .where(eq(tokens.serialKey, key));
      return row ? visibleToken(context, row.id) : null;
    },
  }),
  tokens: t.field({
    type: TokenConnection,
    permission: 'TOKENS_READ',
    description: 'Tokens by serial number.',
    args: { ...pageArgs(t), filter: t.arg({ type: TokenFilter }) },
    resolve: (_root, args, { deps }) => {
      const { filter } = args;
      return listTokens(deps, args, {
        ...filter,
        assignedToId: filter?.assignedToId ? rowId('User', filter.assignedToId) : null,
        profileId: filter?.profileId ? rowId('TokenProfile', filter.profileId) : null,
      });
    },
  }),
  nextSerialNumber: t.string({
    permission: 'TOKENS_MANAGE',
    description: 'The first serial number that generated tokens would get.',
    args: {
      algorithm: t.arg({
        type: TokenAlgorithmEnum,
        required: true,
        description: 'Both share one range of numbers.',
      }),
    },
    resolve: (_root, _args, { deps }) => nextOwnSerial(deps.db, deps),
  }),
}));

type Tokens = { tokens: TokenView[] };

/** Actions answer rows; the schema shows them with all that hangs on them, as they are after the change. */
async function shown({ loaders }: GraphQLContext, rows: TokenRow[]): Promise<Tokens> {
  const views = await Promise.all(rows.map(({ id }) => loaders.token.clear(id).load(id)));
  return { tokens: views.filter((view) => view !== null) };
}

mutation<Tokens>()('generateTokens', {
  permission: 'TOKENS_MANAGE',
  description:
    "Makes tokens of the system's own with consecutive serial numbers; they have no seed until they are distributed.",
  input: (t) => ({
    count: t.int({ required: true, description: '1 to 1000.' }),
    algorithm: t.field({
      type: TokenAlgorithmEnum,
      required: true,
      description: 'How their tokencodes are to be made.',
    }),
    expiresOn: t.field({
      type: 'Date',
      required: true,
      description: 'Last valid day: today (UTC) at the earliest, 2099-12-31 at the latest.',
    }),
    firstSerialNumber: t.string({
      description:
        "12 digits, with or without spaces. Default: the next of this installation's own range (`nextSerialNumber`).",
    }),
  }),
  success: (t) => ({ tokens: t.field({ type: [Token], resolve: ({ tokens: made }) => made }) }),
  failures: ['InvalidInput', 'Conflict', 'Unsupported'],
  run: async (context, input) => shown(context, await generateTokens(context.deps, input)),
});

mutation<Tokens>()('assignTokens', {
  permission: 'TOKENS_MANAGE',
  description: 'All or nothing; the failure names the serial number.',
  input: (t) => ({ userId: t.id({ required: true }), tokenIds: t.idList({ required: true }) }),
  success: (t) => ({ tokens: t.field({ type: [Token], resolve: ({ tokens: changed }) => changed }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'LimitReached', 'Conflict'],
  run: async (context, input) =>
    shown(
      context,
      await assignTokens(context.deps, {
        userId: rowId('User', input.userId),
        tokenIds: rowIds(input.tokenIds),
      }),
    ),
});

mutation<Tokens>()('unassignTokens', {
  permission: 'TOKENS_MANAGE',
  description: "All or nothing. What the former owner's phone holds stops working.",
  input: (t) => ({ tokenIds: t.idList({ required: true }) }),
  success: (t) => ({ tokens: t.field({ type: [Token], resolve: ({ tokens: changed }) => changed }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: async (context, input) =>
    shown(context, await unassignTokens(context.deps, { tokenIds: rowIds(input.tokenIds) })),
});

mutation<Tokens>()('enableTokens', {
  permission: 'TOKENS_ENABLE',
  description: 'All or nothing; tokens that are enabled already stay so.',
  input: (t) => ({ tokenIds: t.idList({ required: true }) }),
  success: (t) => ({ tokens: t.field({ type: [Token], resolve: ({ tokens: changed }) => changed }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'LimitReached'],
  run: async (context, input) =>
    shown(context, await enableTokens(context.deps, { tokenIds: rowIds(input.tokenIds) })),
});

mutation<Tokens>()('disableTokens', {
  permission: 'TOKENS_ENABLE',
  description: 'All or nothing. Codes of disabled tokens are refused, and their open activations end.',
  input: (t) => ({ tokenIds: t.idList({ required: true }) }),
  success: (t) => ({ tokens: t.field({ type: [Token], resolve: ({ tokens: changed }) => changed }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: async (context, input) =>
    shown(context, await disableTokens(context.deps, { tokenIds: rowIds(input.tokenIds) })),
});

mutation<{ token: TokenView }>()('renameToken', {
  permission: 'IN_PERSON',
  description: "Names a token of one's own; an empty name takes it away.",
  input: (t) => ({
    tokenId: t.id({ required: true }),
    nickname: t.string({ description: 'At most 50 characters. Empty or left out: none.' }),
  }),
  success: (t) => ({ token: t.field({ type: Token, resolve: ({ token }) => token }) }),
  failures: ['InvalidInput', 'NotFound'],
  run: async (context, input) => {
    const renamed = await renameToken(context.deps, { ...input, tokenId: rowId('Token', input.tokenId) });
    return { token: (await shown(context, [renamed])).tokens[0]! };
  },
});

const rowIds = (ids: readonly string[]) => ids.map((id) => rowId('Token', id));
