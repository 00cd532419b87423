import { Checkbox, PasswordInput, Radio, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { WizardChoices, WizardProfile, WizardToken } from './wizard-documents.ts';

/** Characters that apps take, user name and password together. */
const MAX_CHARACTERS = 24;
const rules = ['PASSWORD', 'USER_NAME_AND_PASSWORD', 'USER_NAME', 'NONE'] as const;

/** Whether a rule needs a password of its own. */
export const wantsPassword = ({ filePasswordRule: rule }: WizardChoices): boolean =>
  rule === 'PASSWORD' || rule === 'USER_NAME_AND_PASSWORD';

/** How many characters are left for the password; below zero it is too long. */
export const charactersLeft = (choices: WizardChoices, token: WizardToken): number => {
  const userName = choices.filePasswordRule.startsWith('USER_NAME') ? token.assignedTo?.userName : '';
  return (
    MAX_CHARACTERS - (userName?.length ?? 0) - (wantsPassword(choices) ? choices.filePassword.length : 0)
  );
};

/** How the file or string is locked, and whether it may be handed on. */
export function PasswordRule({
  token,
  profile,
  choices,
  onChange,
}: {
  token: WizardToken;
  profile: WizardProfile;
  choices: WizardChoices;
  onChange: (change: Partial<WizardChoices>) => void;
}) {
  const t = useTranslations('distribution');
  const left = charactersLeft(choices, token);
  return (
    <>
      <Radio.Group
        label={t('passwordRule')}
        description={t('passwordRuleHint')}
        value={choices.filePasswordRule}
        onChange={(value) => onChange({ filePasswordRule: value as WizardChoices['filePasswordRule'] })}
      >
        <Stack gap="xs" mt="xs">
          {rules.map((rule) => (
            <Radio
              key={rule}
              value={rule}
              label={t(`passwordRules.${rule}`, { userName: token.assignedTo?.userName ?? '' })}
              description={rule === 'NONE' || rule === 'USER_NAME' ? t(`passwordWeak.${rule}`) : undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      {wantsPassword(choices) && (
        <Stack gap={4}>
          <PasswordInput
            label={t('filePassword')}
            description={t('filePasswordHint')}
            required
            autoComplete="new-password"
            value={choices.filePassword}
            error={left < 0 && t('filePasswordLong', { over: -left, most: MAX_CHARACTERS })}
            onChange={(event) => onChange({ filePassword: event.currentTarget.value })}
          />
          <Text size="sm" role="status">
            {choices.filePassword !== '' && left >= 0 && t(`strength.${strengthOf(choices.filePassword)}`)}
          </Text>
        </Stack>
      )}
      {choices.filePasswordRule === 'USER_NAME' && left < 0 && (
        <Text size="sm" c="red" role="alert">
          {t('userNameLong', { most: MAX_CHARACTERS })}
        </Text>
      )}
      {profile.deliveryMethod === 'FILE' && profile.algorithm === 'SECURID' && (
        <Checkbox
          label={t('copyProtected')}
          description={t('copyProtectedHint')}
          checked={choices.copyProtected}
          onChange={(event) => onChange({ copyProtected: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

/** A rough word for how long a password resists: by its length and by how many kinds of characters it has. */
function strengthOf(password: string): 'weak' | 'fair' | 'good' {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const distinct = new Set(password).size;
  if (distinct < 6 || password.length < 8) return 'weak';
  return password.length >= 12 && kinds >= 2 ? 'good' : 'fair';
}
