import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useAction } from '../../lib/use-action.ts';
import { wholeUnit } from '../../lib/whole-unit.ts';
import { FormError } from '../../ui/FormError.tsx';
import { PhoneHindrance, reachesPhoneByUrl } from '../../ui/PhoneHindrance.tsx';
import { wantsPassword } from './PasswordRule.tsx';
import {
  DistributeTokenDocument,
  type Distributed,
  hasTypedCode,
  isHandedOn,
  type WizardChoices,
  type WizardProfile,
  type WizardToken,
} from './wizard-documents.ts';

type CheckStepProps = {
  token: WizardToken;
  profile: WizardProfile;
  choices: WizardChoices;
  onBack: () => void;
  onDone: (distributed: Distributed) => void;
};

/** What will happen, to whom, and how to undo it; one button that repeats the verb. */
export function CheckStep({ token, profile, choices, onBack, onDone }: CheckStepProps) {
  const t = useTranslations('distribution');
  const format = useFormatter();
  const life = wholeUnit(profile.activationCodeMinutes ?? 0);
  const { run, busy, failure, fieldErrors } = useAction(DistributeTokenDocument);
  // A click that is repeated because its answer was lost must not distribute twice.
  const [idempotencyKey] = useState(() => crypto.getRandomValues(new Uint32Array(4)).join('-'));
  const isUrl = profile.deliveryMethod === 'CT_KIP_URL';
  const choosesCode = hasTypedCode(profile);
  const isOtpauth = profile.deliveryMethod === 'OTPAUTH_QR';
  const isOwnFile = isHandedOn(profile);
  const isUnbindable = isOtpauth || (isOwnFile && choices.deviceBinding === 'FIRST');
  const deviceBinding = isUnbindable ? 'CLASS' : choices.deviceBinding;
  const name = `${token.assignedTo?.givenName} ${token.assignedTo?.familyName}`;
  const serial = groupSerialNumber(token.serialNumber);
  const distribute = async () => {
    const { deviceId, nickname, codeKind, ownCode, formerPhone } = choices;
    const distributed = await run({
      input: {
        tokenId: token.id,
        profileId: profile.id,
        deviceBinding,
        deviceId: deviceBinding === 'DEVICE' ? deviceId : null,
        nickname: nickname || null,
        formerSeed: token.hasLiveSeed ? (formerPhone === 'gone' ? 'STOP_NOW' : 'KEEP_UNTIL_CONFIRMED') : null,
        activationCodeKind: choosesCode ? codeKind : null,
        ownActivationCode: choosesCode && codeKind === 'OWN' ? ownCode : null,
        ...(isOwnFile
          ? {
              filePasswordRule: choices.filePasswordRule,
              filePassword: wantsPassword(choices) ? choices.filePassword : null,
              copyProtected: choices.copyProtected,
            }
          : {}),
        idempotencyKey,
      },
    });
    if (distributed) onDone(distributed);
  };
  const refused = Object.values(fieldErrors);

  return (
    <Stack>
      <FormError failure={failure} />
      {refused.length > 0 && (
        <Alert color="red" variant="outline" role="alert">
          {refused.join(' ')}
        </Alert>
      )}
      <Text fw={600}>{t(summaryOf(profile), { name, serial, profile: profile.name })}</Text>
      <List spacing={4}>
        {!isOtpauth && (
          <List.Item>
            {t(`willBind.${deviceBinding}`, {
              deviceType: profile.deviceDefinition.deviceType,
              deviceId: choices.deviceId,
            })}
          </List.Item>
        )}
        {isOtpauth && <List.Item>{t('seedTravels')}</List.Item>}
        {isOwnFile && (
          <>
            <List.Item>
              {t(`willLock.${choices.filePasswordRule}`, { userName: token.assignedTo?.userName ?? '' })}
            </List.Item>
            <List.Item>{t('seedTravelsFile')}</List.Item>
          </>
        )}
        {isUrl && (
          <List.Item>
            {t('willExpire', {
              time: format.number(life.count, { style: 'unit', unit: life.unit, unitDisplay: 'long' }),
            })}
          </List.Item>
        )}
        {token.pendingDistribution && <List.Item>{t('willEndCode')}</List.Item>}
        {token.hasLiveSeed && (
          <List.Item>{t(choices.formerPhone === 'gone' ? 'willStop' : 'willKeep', { name })}</List.Item>
        )}
        {token.hasLiveSeed && <List.Item>{t('mustDelete')}</List.Item>}
        <List.Item>{t('undo')}</List.Item>
      </List>
      {reachesPhoneByUrl(profile.deliveryMethod) && <PhoneHindrance />}
      <Group>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
        <Button loading={busy} onClick={() => void distribute()}>
          {t('distribute', { serial })}
        </Button>
      </Group>
    </Stack>
  );
}

/** What the user gets, in a sentence. */
function summaryOf({ deliveryMethod }: WizardProfile) {
  if (deliveryMethod === 'CT_KIP_URL') return 'willSendUrl';
  if (deliveryMethod === 'FILE') return 'willMakeFile';
  return deliveryMethod === 'CTF' ? 'willMakeCtf' : 'willShowQr';
}
