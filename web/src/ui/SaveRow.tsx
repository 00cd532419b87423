import { Button, Group, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useMay } from '../lib/session.ts';
import type { ActionFailure } from '../lib/use-action.ts';
import { FormError } from './FormError.tsx';

type SaveRowProps = {
  /** Something differs from what is kept. */
  changed: boolean;
  /** It was kept just now. */
  saved: boolean;
  busy: boolean;
  failure: ActionFailure | null;
  disabled?: boolean;
};

/**
 * The end of a group of settings: its button, which keeps the focus after it has saved, and whether what stands there
 * is kept. Nothing for who may only look.
 */
export function SaveRow({ changed, saved, busy, failure, disabled = false }: SaveRowProps) {
  const t = useTranslations('common');
  if (!useMay('SETTINGS_MANAGE')) return null;
  return (
    <>
      <FormError failure={failure} />
      <Group>
        <Button type="submit" loading={busy} disabled={(!changed && !saved) || disabled}>
          {t('save')}
        </Button>
        <Text role="status" c="dimmed" size="sm">
          {changed ? t('notSaved') : saved ? t('saved') : ''}
        </Text>
      </Group>
    </>
  );
}
