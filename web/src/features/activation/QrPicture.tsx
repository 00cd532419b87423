import { Button, Stack, Text } from '@mantine/core';
import { QRCodeSVG } from 'qrcode.react';
import { useTranslations } from 'use-intl';
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
      <QRCodeSVG
        className={classes['qr']}
        value={value}
        size={280}
        marginSize={4}
        level="M"
        bgColor="#ffffff"
        fgColor="#000000"
        title={t('qrTitle')}
        data-testid="activation-qr"
      />
    );
  }
  return (
    <Stack className={classes['over']} align="center" justify="center">
      <Text fw={600}>{t('expired')}</Text>
      <Button onClick={onNewCode}>{t('newCode')}</Button>
    </Stack>
  );
}
