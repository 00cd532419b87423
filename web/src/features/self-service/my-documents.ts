import { graphql } from '../../gql';
import type { MyHomeQuery, MyRequestFragment } from '../../gql/graphql';

graphql(`
  fragment MyRequest on TokenRequest {
    id
    kind
    status
    waitsFor
    createdAt
    endedAt
    failure
    approvalSteps
    approvalsGiven
    profile {
      id
      name
    }
    replaces {
      id
      serialNumber
    }
    token {
      id
      serialNumber
    }
    decisions {
      step
      verb
      at
      comment
      by {
        id
        userName
        givenName
        familyName
      }
    }
  }
`);

export const MyHomeDocument = graphql(`
  query MyHome {
    viewer {
      id
      tokens {
        id
        serialNumber
        status
        enabled
        nickname
        device
        tokencodeLength
        expiresOn
        confirmedAt
        lastUsedAt
        lockedAt
        hasLiveSeed
        hasProvisionalSeed
        managedElsewhere
        profile {
          id
          deliveryMethod
          deviceDefinition {
            id
            appDownloadUrl
          }
        }
        pendingDistribution {
          id
          deliveryMethod
          expiresAt
        }
        openActivation {
          id
          state
          secondsLeft
          tokencodeLength
        }
      }
    }
    tokenRequests(last: 10, filter: { mine: true }) {
      nodes {
        ...MyRequest
      }
    }
    selfServiceSettings {
      requestsEnabled
      activationEnabled
      testEnabled
      expiringDays
      qrMinutes
      defaultProfile {
        id
      }
      offers {
        displayName
        appUrl
        profile {
          id
        }
      }
    }
  }
`);

export type MyToken = NonNullable<MyHomeQuery['viewer']>['tokens'][number];
export type MySettings = MyHomeQuery['selfServiceSettings'];
export type MyRequest = MyRequestFragment;
