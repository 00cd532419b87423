import { graphql } from '../../gql';
import type { UploadsQuery } from '../../gql/graphql';

export const UploadsDocument = graphql(`
  query Uploads {
    uploads {
      id
      name
      size
    }
  }
`);
export const DiscardUploadDocument = graphql(`
  mutation DiscardUpload($fileId: ID!) {
    discardUpload(input: { fileId: $fileId }) {
      ...Failure
      ... on DiscardUploadSuccess {
        file {
          id
        }
      }
    }
  }
`);
export const ImportTokensDocument = graphql(`
  mutation ImportTokens($input: ImportTokensInput!) {
    importTokens(input: $input) {
      ...Failure
      ... on ImportTokensSuccess {
        job {
          id
        }
      }
    }
  }
`);

export type Upload = UploadsQuery['uploads'][number];
