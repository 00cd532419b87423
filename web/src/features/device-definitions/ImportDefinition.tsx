import { Alert, Button, FileInput, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';

const ImportDeviceDefinitionDocument = graphql(`
  mutation ImportDeviceDefinition($definition: String!) {
    importDeviceDefinition(input: { definition: $definition }) {
      ...Failure
      ... on ImportDeviceDefinitionSuccess {
        deviceDefinition {
          id
          deviceType
        }
      }
    }
  }
`);

/** Takes a definition file, chosen or pasted; a refusal names the line. */
export function ImportDefinition({ onClose }: { onClose: (changed: boolean) => void }) {
  const t = useTranslations('deviceDefinitions');
  const { run, busy, failure, fieldErrors, reset } = useAction(ImportDeviceDefinitionDocument);
  const [text, setText] = useState('');
  const submit = async () => {
    if (await run({ definition: text })) onClose(true);
  };
  return (
    <ActDialog busy={busy} opened onClose={() => onClose(false)} title={t('import')} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <Text>{t('importHint')}</Text>
          {failure?.line ? (
            <Alert color="red" variant="outline" role="alert" title={t('line', { line: failure.line })}>
              {failure.message}
            </Alert>
          ) : (
            <FormError failure={failure} />
          )}
          <FileInput
            label={t('file')}
            placeholder={t('chooseFile')}
            accept=".xml,application/xml,text/xml"
            onChange={(file) => {
              reset();
              void file?.text().then(setText);
            }}
          />
          <Textarea
            label={t('text')}
            value={text}
            onChange={(event) => {
              reset();
              setText(event.currentTarget.value);
            }}
            rows={12}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            spellCheck={false}
            error={fieldErrors['definition']}
          />
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('import')}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}
