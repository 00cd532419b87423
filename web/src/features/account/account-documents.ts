import { graphql } from '../../gql';
import type { ApiKeyFactsFragment, MyAccountQuery } from '../../gql/graphql';

graphql(`
  fragment ApiKeyFacts on ApiKey {
    id
    name
    prefix
    state
    permissions
    effectivePermissions
    expiresAt
    lastUsedAt
    lastUsedAddress
    ownerUserName
  }
`);

export const MyAccountDocument = graphql(`
  query MyAccount {
    viewer {
      id
      sessions {
        id
        device
        address
        lastSeenAt
        expiresAt
        current
      }
      apiKeys {
        ...ApiKeyFacts
      }
    }
  }
`);

export const RevokeApiKeyDocument = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      ...Failure
      ... on RevokeApiKeySuccess {
        apiKey {
          id
          state
        }
      }
    }
  }
`);

export type ApiKeyFacts = ApiKeyFactsFragment;
export type OwnSession = NonNullable<NonNullable<MyAccountQuery['viewer']>['sessions']>[number];
