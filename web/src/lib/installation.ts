import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import type { InstallationQuery } from '../gql/graphql';

const InstallationDocument = graphql(`
  query Installation {
    installation {
      publicUrl
      ctKipUrl
      publicUrlIsLoopback
      insecureHttp
      demo
      version
    }
  }
`);

/** Where this installation is and what is special about it; undefined until it is known. */
export const useInstallation = (): InstallationQuery['installation'] | undefined =>
  useQuery(InstallationDocument).data?.installation as InstallationQuery['installation'] | undefined;
