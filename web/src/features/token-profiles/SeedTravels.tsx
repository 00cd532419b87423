import { Alert } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { DeliveryMethod } from '../../gql/graphql';

/** Whether the seed itself is in what is delivered. */
export const seedTravelsBy = (method: DeliveryMethod | ''): method is 'OTPAUTH_QR' | 'FILE' | 'CTF' =>
  method === 'OTPAUTH_QR' || method === 'FILE' || method === 'CTF';

/** That the seed travels, on the screen or in a file; said wherever such a profile is made or looked at. */
export function SeedTravels({ method }: { method: 'OTPAUTH_QR' | 'FILE' | 'CTF' }) {
  const t = useTranslations('tokenProfiles');
  const isOnScreen = method === 'OTPAUTH_QR';
  return (
    <Alert variant="outline" color="yellow" title={t(isOnScreen ? 'seedTravels' : 'seedTravelsDelivered')}>
      {t(isOnScreen ? 'seedTravelsHint' : 'seedTravelsDeliveredHint')}
    </Alert>
  );
}
