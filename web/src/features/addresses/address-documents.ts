import { graphql } from '../../gql';
import type { AddressChecksQuery } from '../../gql/graphql';

graphql(`
  fragment AddressCheckFacts on AddressCheck {
    url
    purposes
    checkedAt
    findings {
      ...AddressFinding
    }
  }
`);

export const AddressChecksDocument = graphql(`
  query AddressChecks {
    installation {
      ctKipUrl
    }
    addressChecks {
      ...AddressCheckFacts
    }
  }
`);

export const CheckAddressesDocument = graphql(`
  mutation CheckAddresses {
    checkAddresses(input: {}) {
      ...Failure
      ... on CheckAddressesSuccess {
        addressChecks {
          ...AddressCheckFacts
        }
      }
    }
  }
`);

export type AddressCheck = AddressChecksQuery['addressChecks'][number];
export type AddressFinding = AddressCheck['findings'][number];
