import { Alert, Button, FileButton, Group, Progress, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import classes from './FileStep.module.css';
import type { Upload } from './import-documents.ts';
import { OpenUploads, useSizeText } from './OpenUploads.tsx';
import { MAX_OPEN, MAX_UPLOAD, type Uploading, useUpload } from './use-upload.ts';

type FileStepProps = {
  uploads: readonly Upload[] | undefined;
  onChosen: (fileId: string) => void;
  /** The uploads are others now; answers when they are known. */
  onChanged: () => Promise<unknown>;
};

/** Brings a token file here, or goes on with one that waits. */
export function FileStep({ uploads, onChosen, onChanged }: FileStepProps) {
  const t = useTranslations('tokenImport');
  const [isOver, setIsOver] = useState(false);
  const emptyInput = useRef<() => void>(null);
  const { upload, cancel, uploading, problem } = useUpload((fileId) => {
    void onChanged().then(() => onChosen(fileId));
  });
  const isFull = (uploads?.length ?? 0) >= MAX_OPEN;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !uploading && !isFull) upload(file);
  };
  const choose = (file: File | null) => {
    // The same file can then be chosen again.
    emptyInput.current?.();
    if (file) upload(file);
  };
  return (
    <Stack>
      <Text>{t('fileHint')}</Text>
      {problem && (
        <Alert color="red" variant="outline" role="alert">
          {problem.kind === 'refused'
            ? problem.message
            : t(`problem.${problem.kind}`, { limit: MAX_UPLOAD / 1024 / 1024 })}
        </Alert>
      )}
      {uploading ? (
        <UploadProgress uploading={uploading} onCancel={cancel} />
      ) : (
        <div
          className={classes['drop']}
          data-over={isOver || undefined}
          data-testid="drop-area"
          onDragOver={(event) => {
            event.preventDefault();
            setIsOver(true);
          }}
          onDragLeave={() => setIsOver(false)}
          onDrop={drop}
        >
          <Stack align="center" gap="sm">
            <IconUpload size={28} stroke={1.4} aria-hidden="true" />
            <Text ta="center">{t(isFull ? 'full' : 'drop', { count: MAX_OPEN })}</Text>
            <FileButton onChange={choose} resetRef={emptyInput} disabled={isFull}>
              {(props) => (
                <Button {...props} disabled={isFull}>
                  {t('choose')}
                </Button>
              )}
            </FileButton>
            <Text size="sm" c="dimmed" ta="center">
              {t('limits', { limit: MAX_UPLOAD / 1024 / 1024 })}
            </Text>
          </Stack>
        </div>
      )}
      {!uploading && uploads && uploads.length > 0 && (
        <OpenUploads uploads={uploads} onChosen={onChosen} onChanged={() => void onChanged()} />
      )}
    </Stack>
  );
}

function UploadProgress({ uploading, onCancel }: { uploading: Uploading; onCancel: () => void }) {
  const t = useTranslations('tokenImport');
  const format = useFormatter();
  const size = useSizeText();
  const { name, loaded, total } = uploading;
  const share = total ? loaded / total : 0;
  const words =
    loaded < total
      ? t('uploaded', {
          percent: format.number(Math.floor(share * 100) / 100, { style: 'percent' }),
          loaded: size(loaded),
          total: size(total),
        })
      : t('sealing');
  return (
    <div className={classes['drop']}>
      <Stack gap="sm">
        <Text style={{ overflowWrap: 'anywhere' }}>{t('uploading', { name })}</Text>
        <Progress.Root size="lg">
          <Progress.Section
            value={share * 100}
            aria-label={t('uploading', { name })}
            aria-valuetext={words}
          />
        </Progress.Root>
        <Group justify="space-between">
          <Text size="sm">{words}</Text>
          <Button variant="default" onClick={onCancel}>
            {t('cancelUpload')}
          </Button>
        </Group>
      </Stack>
    </div>
  );
}
