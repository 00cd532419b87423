import { Alert, Group, Radio } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { DeliveryMethod, HashAlgorithm, TokenAlgorithm } from '../../gql/graphql';
import type { DeviceType } from './profile-documents.ts';

/** How the tokens of a profile are to be. */
export type TokenSettingsValues = {
  algorithm: TokenAlgorithm;
  tokencodeLength: number;
  /** Seconds. */
  tokencodeInterval: number;
  hashAlgorithm: HashAlgorithm;
};

/** What most people want, and for TOTP what every app can do. */
const usual = {
  SECURID: { algorithm: 'SECURID', tokencodeLength: 8, tokencodeInterval: 60, hashAlgorithm: 'SHA1' },
  TOTP: { algorithm: 'TOTP', tokencodeLength: 6, tokencodeInterval: 30, hashAlgorithm: 'SHA1' },
} as const;

const pick = <Value,>(wanted: Value, allowed: readonly Value[]): Value =>
  allowed.includes(wanted) ? wanted : (allowed[0] ?? wanted);

/** The algorithms that a device type takes by a delivery method. */
const algorithmsBy = ({ algorithms, dialect }: DeviceType, method: DeliveryMethod): TokenAlgorithm[] => {
  if (method === 'OTPAUTH_QR') return ['TOTP'];
  if (method === 'FILE') return algorithms;
  return algorithms.filter((algorithm) => algorithm === 'SECURID' || (dialect === 'RFC' && method !== 'CTF'));
};

/** Settings as usual for what a device type takes by a delivery method. */
export function usualSettings(
  deviceType: DeviceType,
  method: DeliveryMethod,
  algorithm: TokenAlgorithm = pick('SECURID', algorithmsBy(deviceType, method)),
): TokenSettingsValues {
  const { tokencodeLength, tokencodeInterval, ...rest } = usual[algorithm];
  return {
    ...rest,
    tokencodeLength: pick<number>(tokencodeLength, deviceType.tokencodeLengths),
    tokencodeInterval: pick<number>(tokencodeInterval, deviceType.tokencodeIntervals),
  };
}

type TokenSettingsProps = {
  deviceType: DeviceType;
  deliveryMethod: DeliveryMethod;
  values: TokenSettingsValues;
  onChange: (change: Partial<TokenSettingsValues>) => void;
};

/** Algorithm, length and interval, as far as the device type leaves a choice; unusual ones for TOTP with a warning. */
export function TokenSettings({ deviceType, deliveryMethod, values, onChange }: TokenSettingsProps) {
  const t = useTranslations('tokenProfiles');
  const algorithms = algorithmsBy(deviceType, deliveryMethod);
  const isOtpauth = deliveryMethod === 'OTPAUTH_QR';
  const { tokencodeLength, tokencodeInterval, hashAlgorithm } = usual.TOTP;
  const isUnusual =
    isOtpauth &&
    (values.tokencodeLength !== tokencodeLength ||
      values.tokencodeInterval !== tokencodeInterval ||
      values.hashAlgorithm !== hashAlgorithm);
  return (
    <>
      {algorithms.length > 1 && (
        <Radio.Group
          label={t('algorithm')}
          value={values.algorithm}
          onChange={(value) =>
            onChange(usualSettings(deviceType, deliveryMethod, value as TokenSettingsValues['algorithm']))
          }
        >
          <Group mt="xs">
            {algorithms.map((algorithm) => (
              <Radio key={algorithm} value={algorithm} label={t(`algorithms.${algorithm}`)} />
            ))}
          </Group>
        </Radio.Group>
      )}
      <Radio.Group
        label={t('tokencodeLength')}
        value={String(values.tokencodeLength)}
        onChange={(value) => onChange({ tokencodeLength: Number(value) })}
      >
        <Group mt="xs">
          {deviceType.tokencodeLengths.map((count) => (
            <Radio key={count} value={String(count)} label={t('digits', { count })} />
          ))}
        </Group>
      </Radio.Group>
      <Radio.Group
        label={t('tokencodeInterval')}
        value={String(values.tokencodeInterval)}
        onChange={(value) => onChange({ tokencodeInterval: Number(value) })}
      >
        <Group mt="xs">
          {deviceType.tokencodeIntervals.map((count) => (
            <Radio key={count} value={String(count)} label={t('seconds', { count })} />
          ))}
        </Group>
      </Radio.Group>
      {(isOtpauth || (deliveryMethod === 'FILE' && values.algorithm === 'TOTP')) && (
        <Radio.Group
          label={t('hashAlgorithm')}
          value={values.hashAlgorithm}
          onChange={(value) => onChange({ hashAlgorithm: value as TokenSettingsValues['hashAlgorithm'] })}
        >
          <Group mt="xs">
            {deviceType.hashAlgorithms.map((hash) => (
              <Radio key={hash} value={hash} label={t(`hashAlgorithms.${hash}`)} />
            ))}
          </Group>
        </Radio.Group>
      )}
      {isUnusual && (
        <Alert variant="outline" color="yellow" role="alert">
          {t('unusualTotp')}
        </Alert>
      )}
    </>
  );
}
