import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { Token } from '../tokens/token-type.ts';
import { type PasscodeVerdict, verifyPasscode } from './verify-passcode.ts';

const PasscodeTarget = builder.inputType('PasscodeTarget', {
  description: "Either a user (any of that user's usable tokens may answer) or one token.",
  isOneOf: true,
  fields: (t) => ({ userName: t.string(), serialNumber: t.string() }),
});
const PasscodeOutcome = builder.enumType('PasscodeOutcome', {
  description:
    'REJECTED also for unknown, foreign, disabled, expired and provisional. REPLAYED: right, but used before. NEXT_TOKENCODE: right, but far off the expected time; the next one must follow.',
  values: ['ACCEPTED', 'REJECTED', 'REPLAYED', 'NEXT_TOKENCODE', 'NEW_PIN_REQUIRED', 'LOCKED'] as const,
});

mutation<PasscodeVerdict>()('verifyPasscode', {
  permission: 'IN_PERSON',
  description:
    'One per document. A signed-in person may verify only own tokens; an API key needs the permission passcodes.verify.',
  input: (t) => ({
    target: t.field({ type: PasscodeTarget, required: true }),
    passcode: t.string({ required: true }),
  }),
  success: (t) => ({
    outcome: t.field({ type: PasscodeOutcome, resolve: ({ outcome }) => outcome }),
    token: t.field({
      type: Token,
      nullable: true,
      description: 'The token that answered, when ACCEPTED.',
      resolve: ({ tokenId }, _args, { loaders }) =>
        tokenId ? loaders.token.clear(tokenId).load(tokenId) : null,
    }),
  }),
  failures: ['InvalidInput'],
  run: ({ deps }, input) => verifyPasscode(deps, input),
});
