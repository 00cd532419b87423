import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useFailureText } from '../../lib/use-failure-text.ts';
import { minutesText, useCountdown } from '../../lib/use-countdown.ts';
import { useVerifyPasscode } from '../../lib/use-verify-passcode.ts';
import { TokencodeForm } from '../../ui/TokencodeForm.tsx';
import type { LiveActivation } from './use-activation.ts';

/** From this wrong code on, the ways out are offered. */
const OFFER_AFTER = 3;

type ConfirmCodeProps = {
  serialNumber: string;
  activation: LiveActivation;
  busy: boolean;
  onConfirmed: () => void;
  onNewCode: () => void;
  onUndo: () => void;
};

/** «Activated on …, now type the code it shows»: only the owner at the desk makes the seed count. */
export function ConfirmCode({
  serialNumber,
  activation,
  busy,
  onConfirmed,
  onNewCode,
  onUndo,
}: ConfirmCodeProps) {
  const t = useTranslations('activation');
  const failureText = useFailureText();
  const { verify, busy: verifying, failure } = useVerifyPasscode(serialNumber);
  const [wrong, setWrong] = useState(0);
  const [isFarOff, setFarOff] = useState(false);
  const { device, state, tokencodeLength: length, secondsToConfirm } = activation;
  const left = useCountdown(secondsToConfirm ?? 0, activation.at);
  // With an otpauth QR code nobody tells that the app has scanned it.
  const isScanning = state === 'OPEN';

  const submit = async (code: string) => {
    const outcome = await verify(code);
    setFarOff(outcome === 'NEXT_TOKENCODE');
    if (outcome === 'ACCEPTED') onConfirmed();
    else if (outcome && outcome !== 'NEXT_TOKENCODE') setWrong((count) => count + 1);
    return outcome === 'ACCEPTED';
  };
  const problem = failure
    ? failureText(failure)
    : isFarOff
      ? t('nextCode')
      : wrong > 0 &&
        t(wrong < OFFER_AFTER ? 'wrongCode' : 'wrongAgain', { serial: groupSerialNumber(serialNumber) });

  return (
    <Stack gap="md" data-testid="activation-confirm">
      <div>
        {isScanning ? (
          <Title order={2}>{t('typeIt')}</Title>
        ) : (
          <Title order={2}>
            {secondsToConfirm != null ? t('qrGone') : device ? t('activatedOn', { device }) : t('activated')}
          </Title>
        )}
        <Text>{t(isScanning ? 'typeOtpauth' : 'typeTheCode')}</Text>
        {!isScanning && secondsToConfirm != null && (
          <Text size="sm">{t('timeToType', { time: minutesText(left) })}</Text>
        )}
      </div>
      <TokencodeForm
        length={length}
        submitLabel={t('confirm')}
        onSubmit={submit}
        busy={verifying}
        problem={problem}
        takesFocus={!isScanning}
      />
      {!isScanning && (
        <Text c="dimmed" size="sm">
          {t('notYours')}
        </Text>
      )}
      <Group gap="xs">
        <Button
          {...(wrong >= OFFER_AFTER ? { variant: 'outline' } : { variant: 'subtle', className: 'flush' })}
          size="compact-md"
          loading={busy}
          onClick={onUndo}
        >
          {t('notScanned')}
        </Button>
        {wrong >= OFFER_AFTER && (
          <Button variant="outline" size="compact-md" loading={busy} onClick={onNewCode}>
            {t('newCode')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
