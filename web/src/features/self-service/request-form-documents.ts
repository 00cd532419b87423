import { graphql } from '../../gql';
import type { RequestFormQuery } from '../../gql/graphql';

export const RequestFormDocument = graphql(`
  query RequestForm {
    viewer {
      id
      tokens {
        id
        serialNumber
        nickname
        status
        expiresOn
        profile {
          id
        }
      }
    }
    selfServiceSettings {
      requestsEnabled
      expiringDays
      defaultProfile {
        id
      }
      offers {
        displayName
        description
        picture
        helpUrl
        mayChooseDevice
        profile {
          id
          name
          deliveryMethod
          deviceDefinition {
            id
            deviceType
            platform
          }
        }
      }
    }
  }
`);
export const RequestTokenDocument = graphql(`
  mutation RequestToken($input: RequestTokenInput!) {
    requestToken(input: $input) {
      ...Failure
      ... on RequestTokenSuccess {
        tokenRequest {
          ...MyRequest
        }
      }
    }
  }
`);

export type FormData = RequestFormQuery;
export type FormOffer = FormData['selfServiceSettings']['offers'][number];
export type FormToken = NonNullable<FormData['viewer']>['tokens'][number];
