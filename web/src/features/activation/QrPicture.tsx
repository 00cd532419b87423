import { Button, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { QrCode } from '../../ui/QrCode.tsx';
import classes from './ScanLayout.module.css';

/** The QR code, black on white in either colour scheme; at zero it is gone, and one click makes a new one. */
export function QrPicture({
  value,
  left,
  onNewCode,
}: {
  value: string;
  left: number;
  onNewCode: () => void;
}) {
  const t = useTranslations('activation');
  if (left > 0) {
    return (
      <QrCode className={classes['qr']} value={value} title={t('qrTitle')} data-testid="activation-qr" />
    );
  }
  return (
    <Stack className={classes['over']} align="center" justify="center">
      <Text fw={600}>{t('expired')}</Text>
      <Button onClick={onNewCode}>{t('newCode')}</Button>
    </Stack>
  );
}
