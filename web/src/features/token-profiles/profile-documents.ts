import { graphql } from '../../gql';
import type { DeviceTypesQuery } from '../../gql/graphql';

export const DeviceTypesDocument = graphql(`
  query DeviceTypes {
    deviceDefinitions(first: 200) {
      nodes {
        id
        deviceType
        deliveryMethods
        algorithms
        dialect
        hashAlgorithms
        tokencodeLengths
        tokencodeIntervals
        tellsDeviceId
        appDownloadUrl
      }
    }
  }
`);
export type DeviceType = DeviceTypesQuery['deviceDefinitions']['nodes'][number];

export const CreateTokenProfileDocument = graphql(`
  mutation CreateTokenProfile($input: CreateTokenProfileInput!) {
    createTokenProfile(input: $input) {
      ...Failure
      ... on CreateTokenProfileSuccess {
        tokenProfile {
          id
          name
        }
      }
    }
  }
`);
export const UpdateTokenProfileDocument = graphql(`
  mutation UpdateTokenProfile($input: UpdateTokenProfileInput!) {
    updateTokenProfile(input: $input) {
      ...Failure
      ... on UpdateTokenProfileSuccess {
        tokenProfile {
          id
          name
          activationCodeMinutes
          acceptSilentDevices
        }
      }
    }
  }
`);
export const RetireTokenProfileDocument = graphql(`
  mutation RetireTokenProfile($profileId: ID!) {
    retireTokenProfile(input: { profileId: $profileId }) {
      ...Failure
      ... on RetireTokenProfileSuccess {
        tokenProfile {
          id
          retiredAt
        }
      }
    }
  }
`);
export const RestoreTokenProfileDocument = graphql(`
  mutation RestoreTokenProfile($profileId: ID!) {
    restoreTokenProfile(input: { profileId: $profileId }) {
      ...Failure
      ... on RestoreTokenProfileSuccess {
        tokenProfile {
          id
          retiredAt
        }
      }
    }
  }
`);
export const DeleteTokenProfileDocument = graphql(`
  mutation DeleteTokenProfile($profileId: ID!) {
    deleteTokenProfile(input: { profileId: $profileId }) {
      ...Failure
      ... on DeleteTokenProfileSuccess {
        deletedId
      }
    }
  }
`);
