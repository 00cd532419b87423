import { graphql } from '../gql';

/** What the sentence of an audit event is made of. */
export const AuditSentenceFragment = graphql(`
  fragment AuditSentence on AuditEvent {
    id
    at
    action
    outcome
    actorName
    apiKeyName
    targetUserName
    serialNumber
    details {
      name
      value
    }
  }
`);
