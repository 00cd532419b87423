import { graphql } from '../../gql';
import type { DistributeTokenMutation, WizardProfilesQuery, WizardTokenQuery } from '../../gql/graphql';

export const WizardTokensDocument = graphql(`
  query WizardTokens($search: String!) {
    tokens(first: 20, filter: { search: $search, status: [ASSIGNED, PENDING, ACTIVE] }) {
      nodes {
        id
        serialNumber
        status
        managedElsewhere
        assignedTo {
          id
          userName
          givenName
          familyName
        }
      }
    }
  }
`);
export const WizardTokenDocument = graphql(`
  query WizardToken($serialNumber: String!) {
    token(serialNumber: $serialNumber) {
      id
      serialNumber
      algorithm
      status
      enabled
      hasLiveSeed
      managedElsewhere
      device
      nickname
      pendingDistribution {
        id
        deliveryMethod
      }
      assignedTo {
        id
        userName
        givenName
        familyName
      }
    }
  }
`);
export const WizardProfilesDocument = graphql(`
  query WizardProfiles {
    tokenProfiles(first: 200) {
      nodes {
        id
        name
        deliveryMethod
        algorithm
        tokencodeLength
        tokencodeInterval
        activationCodeMinutes
        acceptSilentDevices
        retiredAt
        deviceDefinition {
          id
          deviceType
          tellsDeviceId
          codeFormat
          appDownloadUrl
        }
      }
    }
  }
`);
export const DistributeTokenDocument = graphql(`
  mutation DistributeToken($input: DistributeTokenInput!) {
    distributeToken(input: $input) {
      ...Failure
      ... on DistributeTokenSuccess {
        activationCode
        ctKipUrl
        link
        ctfUrl
        file {
          id
          name
        }
        distribution {
          id
          state
          expiresAt
        }
      }
    }
  }
`);

export type Distributed = Exclude<DistributeTokenMutation['distributeToken'], { code: string }>;
export type WizardToken = NonNullable<WizardTokenQuery['token']>;
export type WizardProfile = WizardProfilesQuery['tokenProfiles']['nodes'][number];

/** What is chosen on the way; steps back lose nothing of it. */
export type WizardChoices = {
  deviceBinding: 'CLASS' | 'DEVICE' | 'FIRST';
  deviceId: string;
  nickname: string;
  codeKind: 'DIGITS' | 'LONG' | 'OWN';
  ownCode: string;
  /** Where the phone is that has the token now; nothing is preselected. */
  formerPhone: '' | 'with-user' | 'gone';
  filePasswordRule: 'NONE' | 'PASSWORD' | 'USER_NAME' | 'USER_NAME_AND_PASSWORD';
  filePassword: string;
  copyProtected: boolean;
};

/** Whether the administrator gets the token itself, as a file or link, to hand on. */
export const isHandedOn = ({ deliveryMethod }: WizardProfile): boolean =>
  deliveryMethod === 'FILE' || deliveryMethod === 'CTF';

/** Whether a distribution has a code that people type, and the administrator may choose; another one only a link carries. */
export const hasTypedCode = ({ deliveryMethod, deviceDefinition }: WizardProfile): boolean =>
  deliveryMethod === 'CT_KIP_URL' && deviceDefinition.codeFormat === 'DIGITS';
