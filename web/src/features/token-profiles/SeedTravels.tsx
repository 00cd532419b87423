import { Alert } from '@mantine/core';
import { useTranslations } from 'use-intl';

/** With an otpauth QR code the seed travels, on the screen; said wherever such a profile is made or looked at. */
export function SeedTravels() {
  const t = useTranslations('tokenProfiles');
  return (
    <Alert variant="outline" color="yellow" title={t('seedTravels')}>
      {t('seedTravelsHint')}
    </Alert>
  );
}
