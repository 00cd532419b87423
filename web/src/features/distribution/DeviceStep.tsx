import { Alert, Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { charactersLeft, PasswordRule, wantsPassword } from './PasswordRule.tsx';
import {
  hasTypedCode,
  isHandedOn,
  type WizardChoices,
  type WizardProfile,
  type WizardToken,
} from './wizard-documents.ts';

type DeviceStepProps = {
  token: WizardToken;
  profile: WizardProfile;
  choices: WizardChoices;
  onChange: (change: Partial<WizardChoices>) => void;
  onBack: () => void;
  onNext: () => void;
};

/** Which device may take the token, which code it gets, and where the phone is that has it now. */
export function DeviceStep({ token, profile, choices, onChange, onBack, onNext }: DeviceStepProps) {
  const t = useTranslations('distribution');
  const { deviceType, tellsDeviceId } = profile.deviceDefinition;
  const isUrl = profile.deliveryMethod === 'CT_KIP_URL';
  const isOtpauth = profile.deliveryMethod === 'OTPAUTH_QR';
  const choosesCode = hasTypedCode(profile);
  const isOwnFile = isHandedOn(profile);
  const wouldRefuseAll =
    !isOwnFile && choices.deviceBinding === 'DEVICE' && !tellsDeviceId && !profile.acceptSilentDevices;
  const isComplete =
    (choices.deviceBinding !== 'DEVICE' || choices.deviceId.trim() !== '') &&
    (!token.hasLiveSeed || choices.formerPhone !== '') &&
    (!choosesCode || choices.codeKind !== 'OWN' || choices.ownCode !== '') &&
    (!isOwnFile ||
      (charactersLeft(choices, token) >= 0 && (!wantsPassword(choices) || choices.filePassword !== '')));

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) onNext();
      }}
    >
      <Stack gap="lg">
        {token.hasLiveSeed && (
          <Radio.Group
            label={t('formerPhone')}
            description={t('formerPhoneHint')}
            required
            value={choices.formerPhone}
            onChange={(value) => onChange({ formerPhone: value as WizardChoices['formerPhone'] })}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="with-user" label={t('withUser')} description={t('withUserHint')} />
              <Radio value="gone" label={t('gone')} description={t('goneHint')} />
            </Stack>
          </Radio.Group>
        )}
        {isOtpauth ? (
          <Alert variant="outline" color="gray">
            {t('bindsNothing', { deviceType })}
          </Alert>
        ) : (
          <Radio.Group
            label={t('binding')}
            value={choices.deviceBinding}
            onChange={(value) => onChange({ deviceBinding: value as WizardChoices['deviceBinding'] })}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="CLASS" label={t('bindClass')} description={t('bindClassHint', { deviceType })} />
              <Radio value="DEVICE" label={t('bindDevice')} description={t('bindDeviceHint')} />
              {!isOwnFile && <Radio value="FIRST" label={t('bindFirst')} description={t('bindFirstHint')} />}
            </Stack>
          </Radio.Group>
        )}
        {choices.deviceBinding === 'DEVICE' && (
          <TextInput
            label={t('deviceId')}
            description={t('deviceIdHint')}
            required
            value={choices.deviceId}
            onChange={(event) => onChange({ deviceId: event.currentTarget.value })}
          />
        )}
        {wouldRefuseAll && (
          <Alert variant="outline" color="yellow" role="alert">
            {t('refusesAll', { deviceType })}
          </Alert>
        )}
        {choosesCode && (
          <Radio.Group
            label={t('code')}
            value={choices.codeKind}
            onChange={(value) => onChange({ codeKind: value as WizardChoices['codeKind'] })}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="DIGITS" label={t('codeDigits')} />
              <Radio value="LONG" label={t('codeLong')} />
              <Radio value="OWN" label={t('codeOwn')} description={t('codeOwnHint')} />
            </Stack>
          </Radio.Group>
        )}
        {isOwnFile && <PasswordRule token={token} profile={profile} choices={choices} onChange={onChange} />}
        {!choosesCode && !isOtpauth && !isOwnFile && (
          <TextInput label={t('code')} value={t(isUrl ? 'codeInLink' : 'codeSystem')} readOnly disabled />
        )}
        {choosesCode && choices.codeKind === 'OWN' && (
          <TextInput
            label={t('ownCode')}
            description={t('ownCodeRule')}
            required
            autoComplete="off"
            maxLength={32}
            value={choices.ownCode}
            onChange={(event) => onChange({ ownCode: event.currentTarget.value })}
          />
        )}
        <TextInput
          label={t('nickname')}
          description={t('nicknameHint')}
          maxLength={50}
          value={choices.nickname}
          placeholder={token.nickname ?? ''}
          onChange={(event) => onChange({ nickname: event.currentTarget.value })}
        />
        <Group>
          <Button variant="default" onClick={onBack}>
            {t('back')}
          </Button>
          <Button type="submit" disabled={!isComplete}>
            {t('next')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
