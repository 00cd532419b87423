import { useQuery } from '@apollo/client/react';
import { Alert, List, Stack, Tabs, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import type { MailEvent } from '../../gql/graphql';
import { PreviewMailDocument } from './template-documents.ts';

type MailPreviewProps = {
  event: MailEvent;
  subject: string;
  body: string;
  onProblems: (problems: readonly string[]) => void;
};

/** The mail with sample data, as it is typed; or what keeps the text from being used. */
export function MailPreview({ event, subject, body, onProblems }: MailPreviewProps) {
  const t = useTranslations('mail');
  const [text] = useDebouncedValue({ subject, body }, 300);
  const { data, previousData } = useQuery(PreviewMailDocument, { variables: { event, ...text } });
  const preview = (data ?? previousData)?.previewMail;
  useEffect(() => onProblems(preview?.problems ?? []), [preview, onProblems]);
  return (
    <Stack gap="sm">
      <Title order={3}>{t('preview')}</Title>
      <div aria-live="polite">
        {preview && preview.problems.length > 0 && (
          <Alert variant="outline" color="red" title={t('problems')}>
            <List>
              {preview.problems.map((problem) => (
                <List.Item key={problem}>{problem}</List.Item>
              ))}
            </List>
          </Alert>
        )}
      </div>
      {preview && preview.problems.length === 0 && (
        <>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {preview.subject}
          </Text>
          <Tabs defaultValue="html" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="html">{t('asHtml')}</Tabs.Tab>
              <Tabs.Tab value="text">{t('asText')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="html" pt="sm">
              <iframe
                // Shown, never run: no scripts, no forms, no links out of the frame.
                sandbox=""
                srcDoc={preview.html}
                title={t('htmlOf', { subject: preview.subject })}
                style={{
                  width: '100%',
                  height: 420,
                  border: '1px solid var(--mantine-color-default-border)',
                  borderRadius: 8,
                  background: '#ffffff',
                  colorScheme: 'light',
                }}
              />
            </Tabs.Panel>
            <Tabs.Panel value="text" pt="sm">
              <Text ff="monospace" size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {preview.text}
              </Text>
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Stack>
  );
}
