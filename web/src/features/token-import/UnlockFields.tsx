import { PasswordInput, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { ActionFailure } from '../../lib/use-action.ts';
import type { Unlocking } from './import-query.ts';

/** What a file wants before it opens, by the code of its refusal. */
const wants: Record<string, keyof Unlocking> = {
  'file.password_required': 'password',
  'file.wrong_password': 'password',
  'file.key_required': 'password',
  'file.wrong_key': 'password',
  'file.device_required': 'deviceId',
  'file.wrong_device': 'deviceId',
};

/** Which field a refusal asks for, if it is about opening the file. */
export const wantedBy = (failure: ActionFailure | null): keyof Unlocking | undefined =>
  failure ? wants[failure.code] : undefined;

type UnlockFieldsProps = {
  asked: readonly (keyof Unlocking)[];
  unlocking: Unlocking;
  failure: ActionFailure | null;
  /** Of the input's fields, by their path. */
  fieldErrors: Record<string, string>;
  onChange: (change: Partial<Unlocking>) => void;
};

/** Password and device id of a file, once it has asked for them. */
export function UnlockFields({ asked, unlocking, failure, fieldErrors, onChange }: UnlockFieldsProps) {
  const t = useTranslations('tokenImport');
  const wanted = wantedBy(failure);
  const errorOf = (name: keyof Unlocking) =>
    wanted === name
      ? t(`unlock.${failure!.code.slice('file.'.length) as 'wrong_password'}`)
      : fieldErrors[name];
  if (asked.length === 0) return null;
  return (
    <Stack gap="sm" maw={420}>
      {asked.includes('password') && (
        <PasswordInput
          label={t('password')}
          description={t('passwordHint')}
          value={unlocking.password}
          onChange={(event) => onChange({ password: event.currentTarget.value })}
          error={errorOf('password')}
          errorProps={{ role: 'alert' }}
          autoComplete="off"
          maxLength={256}
          data-autofocus
          autoFocus
        />
      )}
      {asked.includes('deviceId') && (
        <TextInput
          label={t('deviceId')}
          description={t('deviceIdHint')}
          value={unlocking.deviceId}
          onChange={(event) => onChange({ deviceId: event.currentTarget.value })}
          error={errorOf('deviceId')}
          errorProps={{ role: 'alert' }}
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
      )}
    </Stack>
  );
}
