import { graphql } from '../gql';
import type { PasscodeOutcome } from '../gql/graphql';
import { type ActionFailure, useAction } from './use-action.ts';

const VerifyPasscodeDocument = graphql(`
  mutation VerifyPasscode($input: VerifyPasscodeInput!) {
    verifyPasscode(input: $input) {
      ...Failure
      ... on VerifyPasscodeSuccess {
        outcome
        token {
          id
          status
          hasLiveSeed
          hasProvisionalSeed
          lastUsedAt
        }
      }
    }
  }
`);

/** Verifies a tokencode of one's own token. `verify` answers null when it could not be looked at: see `failure`. */
export function useVerifyPasscode(serialNumber: string): {
  verify(passcode: string): Promise<PasscodeOutcome | null>;
  busy: boolean;
  failure: ActionFailure | null;
} {
  const { run, busy, failure } = useAction(VerifyPasscodeDocument);
  return {
    verify: async (passcode) =>
      (await run({ input: { target: { serialNumber }, passcode } }))?.outcome ?? null,
    busy,
    failure,
  };
}
