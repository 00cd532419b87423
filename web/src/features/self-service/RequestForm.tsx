import { Alert, Anchor, Button, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { DeviceBinding, ReplacementReason } from '../../gql/graphql';
import { useAction } from '../../lib/use-action.ts';
import { FormError } from '../../ui/FormError.tsx';
import { ProfileChoice } from './ProfileChoice.tsx';
import { type FormData, type FormToken, RequestTokenDocument } from './request-form-documents.ts';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Id of the request that was just sent. */
    asked?: string;
  }
}

const REASON_LENGTH = 500;
/** From here on the form says how much room is left. */
const NEAR_END = 100;
const bindings = ['CLASS', 'DEVICE', 'FIRST'] as const satisfies DeviceBinding[];
const whys = ['BROKEN', 'LOST', 'EXPIRING'] as const satisfies ReplacementReason[];
/** Fields that show what is wrong with them; anything else is said beside the button. */
const shown = ['profileId', 'nickname', 'deviceBinding', 'deviceId', 'replacementReason', 'reason'];

type RequestFormProps = {
  settings: FormData['selfServiceSettings'];
  /** The token that the new one replaces. */
  former: FormToken | undefined;
  reason: ReplacementReason | undefined;
};

/** The form of a request. What was typed stays when it is refused; once it is sent, self-service shows it on top. */
export function RequestForm({ settings, former, reason }: RequestFormProps) {
  const t = useTranslations('requests');
  const navigate = useNavigate();
  const { run, busy, failure, fieldErrors } = useAction(RequestTokenDocument);
  const { offers } = settings;
  const isOffered = (id: string | undefined) => offers.some(({ profile }) => profile.id === id);
  const defaultId = settings.defaultProfile?.id;
  const form = useForm({
    initialValues: {
      profileId: [former?.profile?.id, defaultId].find(isOffered) ?? offers[0]?.profile.id ?? '',
      nickname: former?.nickname ?? '',
      deviceBinding: 'CLASS' as DeviceBinding,
      deviceId: '',
      why: former ? (reason ?? whyOf(former, settings)) : null,
      reason: '',
    },
    validate: {
      profileId: (value) => (isOffered(value) ? null : t('form.needProfile')),
      reason: (value) => (value.trim() ? null : t('form.needReason')),
      deviceId: (value, { deviceBinding, profileId }) =>
        mayChoose(profileId) && deviceBinding === 'DEVICE' && !value.trim() ? t('form.needDeviceId') : null,
    },
  });
  const { values } = form;
  const mayChoose = (profileId: string) =>
    offers.find(({ profile }) => profile.id === profileId)?.mayChooseDevice ?? false;
  const choosesDevice = mayChoose(values.profileId);
  const isBound = choosesDevice && values.deviceBinding === 'DEVICE';

  const element = useRef<HTMLFormElement>(null);
  const refused = Object.keys(fieldErrors).join();
  useEffect(() => {
    if (refused) focusRefused(element.current);
  }, [refused]);

  const submit = form.onSubmit(
    async ({ profileId, nickname, deviceBinding, deviceId, why, reason: words }) => {
      const sent = await run({
        input: {
          profileId,
          reason: words.trim(),
          nickname: nickname.trim() || null,
          deviceBinding: choosesDevice ? deviceBinding : null,
          deviceId: isBound ? deviceId.trim() : null,
          replacesTokenId: former?.id ?? null,
          replacementReason: why,
        },
      });
      if (sent) await navigate({ to: '/my', state: { asked: sent.tokenRequest.id } });
    },
    // The messages stand only after the next painting.
    (_errors, _values, event) => {
      const refusedForm = event?.currentTarget ?? null;
      setTimeout(() => focusRefused(refusedForm));
    },
  );
  const others = Object.entries(fieldErrors).filter(([path]) => !shown.includes(path));
  const left = REASON_LENGTH - values.reason.length;

  return (
    <form onSubmit={submit} ref={element} noValidate>
      <Stack gap="lg">
        <ProfileChoice
          offers={offers}
          defaultId={defaultId}
          value={values.profileId}
          onChange={(value) => form.setFieldValue('profileId', value)}
          error={fieldErrors['profileId'] ?? text(form.errors['profileId'])}
        />
        {former && (
          <Radio.Group
            label={t('form.why')}
            value={values.why ?? ''}
            onChange={(value) => form.setFieldValue('why', value as ReplacementReason)}
            error={fieldErrors['replacementReason']}
          >
            <Stack gap="xs" my="xs">
              {whys
                .filter((why) => why !== 'EXPIRING' || values.why === why || isEndingSoon(former, settings))
                .map((why) => (
                  <Radio
                    key={why}
                    value={why}
                    label={t(`replacementReason.${why}`)}
                    description={t(`form.whyHint.${why}`)}
                  />
                ))}
            </Stack>
          </Radio.Group>
        )}
        <Textarea
          label={t('form.reason')}
          description={t('form.reasonHint')}
          required
          autosize
          minRows={3}
          maxRows={10}
          maxLength={REASON_LENGTH}
          {...form.getInputProps('reason')}
          error={fieldErrors['reason'] ?? form.errors['reason']}
        />
        <Text size="sm" c="dimmed" mt={-12} aria-live="polite">
          {left <= NEAR_END && t('form.left', { count: left })}
        </Text>
        <TextInput
          label={t('form.nickname')}
          description={t('form.nicknameHint')}
          maxLength={50}
          autoComplete="off"
          {...form.getInputProps('nickname')}
          error={fieldErrors['nickname']}
        />
        {choosesDevice && (
          <Radio.Group
            label={t('form.binding')}
            {...form.getInputProps('deviceBinding')}
            error={fieldErrors['deviceBinding']}
          >
            <Stack gap="xs" my="xs">
              {bindings.map((binding) => (
                <Radio
                  key={binding}
                  value={binding}
                  label={t(`binding.${binding}`)}
                  description={t(`form.bindingHint.${binding}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {isBound && (
          <TextInput
            label={t('form.deviceId')}
            description={t('form.deviceIdHint')}
            required
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('deviceId')}
            error={fieldErrors['deviceId'] ?? form.errors['deviceId']}
          />
        )}
        <FormError failure={failure} />
        {others.length > 0 && (
          <Alert color="red" variant="outline" role="alert">
            {others.map(([, message]) => message).join(' ')}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={busy}>
            {t('form.send')}
          </Button>
          <Anchor component={Link} to="/my">
            {t('form.back')}
          </Anchor>
        </Group>
      </Stack>
    </form>
  );
}

const focusRefused = (form: HTMLElement | null) =>
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();

const text = (error: unknown): string | undefined => (typeof error === 'string' ? error : undefined);

const whyOf = (former: FormToken, settings: RequestFormProps['settings']): ReplacementReason => {
  if (former.status === 'LOST') return 'LOST';
  return former.status !== 'DISABLED' && isEndingSoon(former, settings) ? 'EXPIRING' : 'BROKEN';
};

const isEndingSoon = ({ expiresOn }: FormToken, { expiringDays }: RequestFormProps['settings']): boolean =>
  Boolean(expiresOn && Date.parse(expiresOn) - Date.now() <= expiringDays * 86_400_000);
