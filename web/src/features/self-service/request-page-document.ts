import { graphql } from '../../gql';
import type { MyRequestPageQuery } from '../../gql/graphql';

export const MyRequestPageDocument = graphql(`
  query MyRequestPage($id: ID!) {
    tokenRequest(id: $id) {
      ...MyRequest
      reason
      replacementReason
      nickname
      deviceBinding
      deviceId
      expiresAt
      requester {
        id
      }
    }
    selfServiceSettings {
      offers {
        displayName
        profile {
          id
        }
      }
    }
  }
`);

export type RequestDetails = NonNullable<MyRequestPageQuery['tokenRequest']>;
