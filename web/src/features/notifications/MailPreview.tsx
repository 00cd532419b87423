import { useQuery } from '@apollo/client/react';
import { Alert, List, Stack, Tabs, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MailEvent } from '../../gql/graphql';
import { PageProblem } from '../../ui/PageProblem.tsx';
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
  const { data, previousData, error, refetch } = useQuery(PreviewMailDocument, {
    variables: { event, ...text },
  });
  const [shown, setShown] = useState<NonNullable<typeof data>['previewMail']>();
  const preview = (data ?? previousData)?.previewMail;
  // While a variable is being typed the text is wrong for a moment: the last one that was right stays.
  if (preview && preview.problems.length === 0 && preview !== shown) setShown(preview);
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
            {shown && (
              <Text size="sm" mt="xs">
                {t('lastGood')}
              </Text>
            )}
          </Alert>
        )}
      </div>
      {error && !data && <PageProblem error={error} onRetry={() => void refetch()} />}
      {shown && (
        <>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {shown.subject}
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
                srcDoc={shown.html}
                title={t('htmlOf', { subject: shown.subject })}
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
                {shown.text}
              </Text>
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Stack>
  );
}
