import { Button, FileButton, Group, Input, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';

type PictureFieldProps = {
  label: string;
  /** A data: URL; empty: none. */
  value: string;
  maxBytes: number;
  disabled: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
};

const kinds = ['image/png', 'image/jpeg', 'image/webp'];

/** Chooses a small picture, shows it, and takes it away again. */
export function PictureField({ label, value, maxBytes, disabled, error, onChange }: PictureFieldProps) {
  const t = useTranslations('settings');
  const [problem, setProblem] = useState<'pictureLarge' | 'pictureKind'>();
  const emptyInput = useRef<() => void>(null);
  const read = (file: File | null) => {
    // The same file can then be chosen again.
    emptyInput.current?.();
    if (!file) return;
    const wrong = !kinds.includes(file.type)
      ? 'pictureKind'
      : file.size > maxBytes
        ? 'pictureLarge'
        : undefined;
    setProblem(wrong);
    if (wrong) return;
    const reader = new FileReader();
    reader.onload = () => onChange(String(reader.result));
    reader.readAsDataURL(file);
  };
  const kilobytes = maxBytes / 1024;
  return (
    <Input.Wrapper
      label={label}
      description={t('pictureHint', { kilobytes })}
      error={problem ? t(problem, { kilobytes }) : error}
      errorProps={{ role: 'alert' }}
    >
      <Group mt={4}>
        {value && <img src={value} alt="" style={{ maxHeight: 48, maxWidth: 160 }} />}
        {!disabled && (
          <FileButton onChange={read} accept={kinds.join(',')} resetRef={emptyInput}>
            {(props) => (
              <Button
                {...props}
                variant="default"
                size="compact-sm"
                aria-label={`${label}: ${t('choosePicture')}`}
              >
                {t('choosePicture')}
              </Button>
            )}
          </FileButton>
        )}
        {value && !disabled && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`${label}: ${t('remove')}`}
            onClick={() => {
              setProblem(undefined);
              onChange('');
            }}
          >
            {t('remove')}
          </Button>
        )}
        {!value && disabled && <Text size="sm">{t('none')}</Text>}
      </Group>
    </Input.Wrapper>
  );
}
