import { Alert, Button, Checkbox, Group, PasswordInput, Radio, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { ExportFormat } from '../../gql/graphql';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { ClaimFile } from '../../ui/ClaimFile.tsx';
import { FormError } from '../../ui/FormError.tsx';

const ExportTokensDocument = graphql(`
  mutation ExportTokens($input: ExportTokensInput!) {
    exportTokens(input: $input) {
      ...Failure
      ... on ExportTokensSuccess {
        file {
          id
          name
        }
      }
    }
  }
`);

const formats = ['SDTID', 'PSKC'] as const satisfies ExportFormat[];

/** Writes tokens with their seeds into a file: warns loudly, asks for its password twice, and gives it once. */
export function ExportTokens({
  tokenIds,
  onClose,
}: {
  tokenIds: string[];
  onClose: (changed: boolean) => void;
}) {
  const t = useTranslations('tokens.export');
  const { run, busy, failure, fieldErrors } = useAction(ExportTokensDocument);
  const [format, setFormat] = useState<ExportFormat>('SDTID');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [isMeant, setMeant] = useState(false);
  const [file, setFile] = useState<{ id: string; name: string }>();
  const differs = again !== '' && again !== password;
  const isComplete = password !== '' && again === password && isMeant;
  const submit = async () => {
    const made = await run({ input: { tokenIds, format, password } });
    if (made) setFile(made.file);
  };
  return (
    <ActDialog
      busy={busy}
      opened
      onClose={() => onClose(false)}
      title={t('title', { count: tokenIds.length })}
      size="lg"
    >
      {file ? (
        <Stack>
          <Text>{t('made')}</Text>
          <ClaimFile file={file} icon={<IconDownload size={16} />} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onClose(true)}>
              {t('close')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isComplete) void submit();
          }}
        >
          <Stack>
            <Alert variant="outline" color="red" title={t('warning')}>
              {t('warningText')}
            </Alert>
            <FormError failure={failure} />
            <Radio.Group
              label={t('format')}
              value={format}
              onChange={(value) => setFormat(value as ExportFormat)}
            >
              <Group mt="xs">
                {formats.map((each) => (
                  <Radio key={each} value={each} label={t(`formats.${each}`)} />
                ))}
              </Group>
            </Radio.Group>
            <PasswordInput
              label={t('password')}
              description={t('passwordHint')}
              required
              autoComplete="new-password"
              value={password}
              error={fieldErrors['password']}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <PasswordInput
              label={t('again')}
              required
              autoComplete="new-password"
              value={again}
              error={differs && t('differs')}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
            <Checkbox
              label={t('meant')}
              checked={isMeant}
              onChange={(event) => setMeant(event.currentTarget.checked)}
            />
            <Group justify="flex-end">
              <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
                {t('cancel')}
              </Button>
              <Button type="submit" color="red.9" loading={busy} disabled={!isComplete}>
                {t('export', { count: tokenIds.length })}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </ActDialog>
  );
}
