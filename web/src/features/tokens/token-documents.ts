import { graphql } from '../../gql';

export const EnableTokensDocument = graphql(`
  mutation EnableTokens($tokenIds: [ID!]!) {
    enableTokens(input: { tokenIds: $tokenIds }) {
      ...Failure
      ... on EnableTokensSuccess {
        tokens {
          id
          status
          enabled
        }
      }
    }
  }
`);
export const DisableTokensDocument = graphql(`
  mutation DisableTokens($tokenIds: [ID!]!) {
    disableTokens(input: { tokenIds: $tokenIds }) {
      ...Failure
      ... on DisableTokensSuccess {
        tokens {
          id
          status
          enabled
        }
      }
    }
  }
`);
export const UnassignTokensDocument = graphql(`
  mutation UnassignTokens($tokenIds: [ID!]!) {
    unassignTokens(input: { tokenIds: $tokenIds }) {
      ...Failure
      ... on UnassignTokensSuccess {
        tokens {
          id
          status
          assignedTo {
            id
          }
        }
      }
    }
  }
`);
