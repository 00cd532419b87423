import { graphql } from '../gql';

/** What every mutation selects of an expected failure. */
export const FailureFragment = graphql(`
  fragment Failure on UserError {
    __typename
    code
    message
    params {
      name
      value
    }
    ... on InvalidInput {
      fields {
        path
        code
        message
      }
    }
    ... on BadFile {
      line
      faultySerialNumber: serialNumber
    }
  }
`);
