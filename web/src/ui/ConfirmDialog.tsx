import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { ActionFailure } from '../lib/use-action.ts';
import { ActDialog } from './ActDialog.tsx';
import { FormError } from './FormError.tsx';

type ConfirmDialogProps = {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What it does to whom. */
  children: ReactNode;
  /** The verb. */
  confirmLabel: string;
  onConfirm: () => void;
  /** Where «Cancel» could be taken for the verb. */
  cancelLabel?: string;
  danger?: boolean;
  busy?: boolean;
  failure?: ActionFailure | null;
};

/** One question; the button says the verb. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const t = useTranslations('common');
  const { opened, onClose, title, children, confirmLabel, cancelLabel, onConfirm, danger, busy, failure } =
    props;
  return (
    <ActDialog busy={busy ?? false} opened={opened} onClose={onClose} title={title}>
      <Stack>
        <div>{children}</div>
        <FormError failure={failure ?? null} />
        <Group justify="flex-end">
          <Button variant="default" disabled={busy ?? false} onClick={onClose}>
            {cancelLabel ?? t('cancel')}
          </Button>
          <Button color={danger ? 'red.9' : undefined} loading={busy ?? false} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </ActDialog>
  );
}
