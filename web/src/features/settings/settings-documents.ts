import { graphql } from '../../gql';
import type { SelfServiceSetupQuery } from '../../gql/graphql';

graphql(`
  fragment SelfServiceFacts on SelfServiceSettings {
    requestsEnabled
    activationEnabled
    testEnabled
    allowFileDelivery
    allowActivationLinkByEmail
    codeInMail
    qrMinutes
    linkMinutes
    expiringDays
    mailConfigured
    defaultProfile {
      id
    }
    offers {
      displayName
      description
      picture
      helpUrl
      appUrl
      mayChooseDevice
      profile {
        id
        name
      }
    }
  }
`);

export const SelfServiceSetupDocument = graphql(`
  query SelfServiceSetup {
    selfServiceSettings {
      ...SelfServiceFacts
    }
    tokenProfiles(first: 200) {
      nodes {
        id
        name
        retiredAt
        deviceDefinition {
          id
          appDownloadUrl
        }
      }
    }
  }
`);

export const UpdateSelfServiceDocument = graphql(`
  mutation UpdateSelfServiceSettings($input: UpdateSelfServiceSettingsInput!) {
    updateSelfServiceSettings(input: $input) {
      ...Failure
      ... on UpdateSelfServiceSettingsSuccess {
        settings {
          ...SelfServiceFacts
        }
      }
    }
  }
`);

export type SelfServiceFacts = SelfServiceSetupQuery['selfServiceSettings'];
export type ProfileFacts = SelfServiceSetupQuery['tokenProfiles']['nodes'][number];
