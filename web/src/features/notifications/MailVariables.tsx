import { Button, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import classes from './MailVariables.module.css';
import type { Template } from './template-documents.ts';

type MailVariablesProps = {
  variables: Template['variables'];
  disabled: boolean;
  onInsert: (variable: string) => void;
};

/** What a mail's text may name, with what stands there in the end; a click inserts it at the cursor. */
export function MailVariables({ variables, disabled, onInsert }: MailVariablesProps) {
  const t = useTranslations('mail');
  return (
    <section aria-label={t('variables')}>
      <Text size="sm" fw={500} mb={4}>
        {t('variables')}
      </Text>
      <ul className={classes['list']}>
        {variables.map(({ name, description, sample }) => (
          <li key={name} className={classes['variable']}>
            <Button
              variant="default"
              size="compact-xs"
              ff="monospace"
              disabled={disabled}
              aria-label={t('insert', { name })}
              onClick={() => onInsert(`{{${name}}}`)}
            >
              {name}
            </Button>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {description} {t('sample', { sample })}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
