import { Button, CopyButton, Group, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './CopyField.module.css';

type CopyFieldProps = {
  label: string;
  value: string;
  hint?: string;
  /** The value in a form that is easier to read. */
  shown?: ReactNode;
  /** Sentences, which are set like any other text; a code is set in a monospaced face. */
  prose?: boolean;
};

/** A text to be handed on, with a button that copies it. */
export function CopyField({ label, value, hint, shown, prose = false }: CopyFieldProps) {
  const t = useTranslations('common');
  return (
    <div>
      <Text fw={500} size="sm">
        {label}
      </Text>
      {hint && (
        <Text c="dimmed" size="xs">
          {hint}
        </Text>
      )}
      <Group gap="xs" mt={4} align="flex-start" className={classes['row']}>
        <output className={classes['value']} data-prose={prose || undefined} aria-label={label}>
          {shown ?? value}
        </output>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button
              className="no-print"
              variant="default"
              onClick={copy}
              style={{ flexShrink: 0 }}
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              aria-label={t('copyNamed', { label })}
            >
              {copied ? t('copied') : t('copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </div>
  );
}
