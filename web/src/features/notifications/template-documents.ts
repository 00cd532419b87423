import { graphql } from '../../gql';
import type { MailTemplatesQuery } from '../../gql/graphql';

export const MailTemplatesDocument = graphql(`
  query MailTemplates {
    mailTemplates {
      event
      subject
      body
      changed
      sentWhen
      perProfile
      profile {
        id
        name
      }
      variables {
        name
        description
        sample
      }
    }
    tokenProfiles(first: 200) {
      nodes {
        id
        name
        retiredAt
      }
    }
  }
`);
export const UpdateMailTemplateDocument = graphql(`
  mutation UpdateMailTemplate($input: UpdateMailTemplateInput!) {
    updateMailTemplate(input: $input) {
      ...Failure
      ... on UpdateMailTemplateSuccess {
        template {
          event
          subject
          body
        }
      }
    }
  }
`);
export const ResetMailTemplateDocument = graphql(`
  mutation ResetMailTemplate($input: ResetMailTemplateInput!) {
    resetMailTemplate(input: $input) {
      ...Failure
      ... on ResetMailTemplateSuccess {
        template {
          event
          subject
          body
        }
      }
    }
  }
`);
export const PreviewMailDocument = graphql(`
  query PreviewMail($event: MailEvent!, $subject: String!, $body: String!) {
    previewMail(event: $event, subject: $subject, body: $body) {
      subject
      text
      html
      problems
    }
  }
`);

export type Template = MailTemplatesQuery['mailTemplates'][number];
