import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { DiscardUploadDocument, type Upload } from './import-documents.ts';

type OpenUploadsProps = {
  uploads: readonly Upload[];
  onChosen: (fileId: string) => void;
  onChanged: () => void;
};

/** One's own uploads that no import has taken: go on with one, or discard it. */
export function OpenUploads({ uploads, onChosen, onChanged }: OpenUploadsProps) {
  const t = useTranslations('tokenImport');
  const size = useSizeText();
  const { run, busy, failure, reset } = useAction(DiscardUploadDocument);
  const [discarding, setDiscarding] = useState<Upload>();
  const discard = async () => {
    if (!discarding || !(await run({ fileId: discarding.id }))) return;
    setDiscarding(undefined);
    onChanged();
  };
  return (
    <Section title={t('open')}>
      <DataTable
        label={t('open')}
        rows={uploads}
        rowKey={({ id }) => id}
        columns={[
          { key: 'name', header: t('file'), cell: ({ name }) => name },
          { key: 'size', header: t('size'), cell: (file) => size(file.size) },
          {
            key: 'acts',
            header: t('acts'),
            cell: (file) => (
              <Group gap="xs">
                <Button
                  variant="default"
                  size="compact-sm"
                  onClick={() => onChosen(file.id)}
                  aria-label={t('goOnNamed', { name: file.name })}
                >
                  {t('goOn')}
                </Button>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => {
                    reset();
                    setDiscarding(file);
                  }}
                  aria-label={t('discardNamed', { name: file.name })}
                >
                  {t('discard')}
                </Button>
              </Group>
            ),
          },
        ]}
        empty={null}
      />
      <ConfirmDialog
        opened={discarding !== undefined}
        onClose={() => setDiscarding(undefined)}
        title={t('discardTitle', { name: discarding?.name ?? '' })}
        confirmLabel={t('discard')}
        onConfirm={() => void discard()}
        danger
        busy={busy}
        failure={failure}
      >
        {t('discardEffect')}
      </ConfirmDialog>
    </Section>
  );
}

/** A number of octets as people say it. */
export function useSizeText(): (octets: number) => string {
  const format = useFormatter();
  return (octets) => {
    const megabytes = octets / 1024 / 1024;
    const [value, unit] = megabytes >= 0.1 ? [megabytes, 'megabyte'] : [octets / 1024, 'kilobyte'];
    return format.number(value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 });
  };
}
