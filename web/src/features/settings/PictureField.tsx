import { Button, FileButton, Group, Input, Text } from '@mantine/core';
import { useState } from 'react';
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

/** Chooses a small picture, shows it, and takes it away again. */
export function PictureField({ label, value, maxBytes, disabled, error, onChange }: PictureFieldProps) {
  const t = useTranslations('settings');
  const [tooLarge, setTooLarge] = useState(false);
  const read = (file: File | null) => {
    if (!file) return;
    setTooLarge(file.size > maxBytes);
    if (file.size > maxBytes) return;
    const reader = new FileReader();
    reader.onload = () => onChange(String(reader.result));
    reader.readAsDataURL(file);
  };
  const kilobytes = maxBytes / 1024;
  return (
    <Input.Wrapper
      label={label}
      description={t('pictureHint', { kilobytes })}
      error={tooLarge ? t('pictureLarge', { kilobytes }) : error}
    >
      <Group mt={4}>
        {value && <img src={value} alt="" style={{ maxHeight: 48, maxWidth: 160 }} />}
        {!disabled && (
          <FileButton onChange={read} accept="image/png,image/jpeg,image/webp">
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
            onClick={() => onChange('')}
          >
            {t('remove')}
          </Button>
        )}
        {!value && disabled && <Text size="sm">{t('none')}</Text>}
      </Group>
    </Input.Wrapper>
  );
}
