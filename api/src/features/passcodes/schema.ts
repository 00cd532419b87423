import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { requirePermission } from '../../graphql/permission-plugin.ts';
import { Token } from '../tokens/token-type.ts';
import { unlockToken } from './unlock-token.ts';
import { type PasscodeVerdict, verifyPasscode } from './verify-passcode.ts';

const PasscodeTarget = builder.inputType('PasscodeTarget', {
  description: "Either a user (any of that user's usable tokens may answer) or one token.",
  isOneOf: true,
  fields: (t) => ({
    userName: t.string({ description: 'The whole user name, without case.' }),
    serialNumber: t.string({ description: 'The whole serial number, with or without spaces.' }),
  }),
});
const PasscodeOutcome = builder.enumType('PasscodeOutcome', {
  description:
    'REJECTED also for unknown, foreign, disabled, expired and provisional. REPLAYED: right, but used before. NEXT_TOKENCODE: right, but far off the expected time; the next one must follow within five minutes. LOCKED: 20 wrong codes within a day from programs; told to programs only, until the owner has typed a right one in self-service or the help desk unlocks the token.',
  values: valuesOf({
    ACCEPTED: 'Right, and counted; the same code is never accepted again.',
    REJECTED:
      'Everything else: wrong, unknown, not yours to ask about, disabled, expired, provisional. Which one is not told.',
    REPLAYED: 'Right, but this code or a later one was used before.',
    NEXT_TOKENCODE:
      'Right, but far off the expected time: ask for the next code that the token shows, and verify that one within five minutes.',
    NEW_PIN_REQUIRED: 'Kept for tokens with a PIN; not answered yet.',
    LOCKED: 'Not looked at: too many wrong codes came from programs. Told to API keys only.',
  }),
});

mutation<PasscodeVerdict>()('verifyPasscode', {
  permission: 'SIGNED_IN',
  description:
    'One per document. A signed-in person may verify only own tokens; an API key needs the permission passcodes.verify.',
  input: (t) => ({
    target: t.field({ type: PasscodeTarget, required: true, description: 'Whose code it is.' }),
    passcode: t.string({
      required: true,
      description: '1 to 64 characters; spaces do not count.',
    }),
  }),
  success: (t) => ({
    outcome: t.field({
      type: PasscodeOutcome,
      description: 'What the code was found to be.',
      resolve: ({ outcome }) => outcome,
    }),
    token: t.field({
      type: Token,
      nullable: true,
      description: 'The token that answered, when ACCEPTED.',
      resolve: ({ tokenId }, _args, { loaders }) =>
        tokenId ? loaders.token.clear(tokenId).load(tokenId) : null,
    }),
  }),
  failures: ['InvalidInput', 'InvalidState'],
  run: (context, input) => {
    if (context.viewer?.apiKey) requirePermission(context, 'PASSCODES_VERIFY');
    return verifyPasscode(context.deps, input);
  },
});

mutation<{ tokenId: string }>()('unlockToken', {
  permission: 'TOKENS_ENABLE',
  description: 'Frees a token that too many wrong codes have locked for programs. Its owner is told.',
  input: (t) => ({ tokenId: t.id({ required: true }) }),
  success: (t) => ({
    token: t.field({
      type: Token,
      resolve: async ({ tokenId }, _args, { loaders }) => (await loaders.token.clear(tokenId).load(tokenId))!,
    }),
  }),
  failures: ['NotFound', 'InvalidState'],
  run: async ({ deps }, input) => {
    const { id } = await unlockToken(deps, { tokenId: rowId('Token', input.tokenId) });
    return { tokenId: id };
  },
});
