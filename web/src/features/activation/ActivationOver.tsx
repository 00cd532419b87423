import { Button, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';

type ActivationOverProps = {
  how: 'EXPIRED' | 'CANCELLED';
  /** A link that is over is told unlike a code on a screen. */
  byLink: boolean;
  onNewCode: () => void;
  busy: boolean;
};

/** An activation that is over: that nothing is lost, and a new code. */
export function ActivationOver({ how, byLink, onNewCode, busy }: ActivationOverProps) {
  const t = useTranslations('activation');
  const title = byLink ? 'linkOver' : how === 'EXPIRED' ? 'expired' : 'cancelled';
  return (
    <Stack align="flex-start" gap="sm" data-testid="activation-over">
      <Text fw={600}>{t(title)}</Text>
      <Text>{t(`${title}Hint`)}</Text>
      <Button loading={busy} onClick={onNewCode}>
        {t('newCode')}
      </Button>
    </Stack>
  );
}
