import { Alert, Button, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { changePassword } from '../../lib/auth.ts';
import { leave } from '../../lib/leave.ts';
import { useSession } from '../../lib/session.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';

/** The change of one's own password; forced when somebody else has set it. */
export function ChangePassword() {
  const t = useTranslations('session');
  const router = useRouter();
  const { mustChangePassword } = useSession();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { currentPassword: '', newPassword: '', repeated: '' },
    validate: {
      repeated: (repeated, { newPassword }) => (repeated === newPassword ? null : t('notTheSame')),
    },
  });
  usePageTitle(t('changePassword'));

  const submit = form.onSubmit(async ({ currentPassword, newPassword }) => {
    setBusy(true);
    setProblem('');
    const answer = await changePassword(currentPassword, newPassword).catch(() => null);
    setBusy(false);
    if (answer?.ok) return router.history.push('/');
    if (answer?.fields)
      return form.setErrors(Object.fromEntries(answer.fields.map((f) => [f.path, f.message])));
    return setProblem(answer?.message ?? t('unreachable'));
  });
  const eye = { 'aria-label': t('showPassword') };

  return (
    <Stack component="main" align="center" justify="center" mih="100vh" p="md">
      <Paper w="100%" maw={420}>
        <form onSubmit={submit}>
          <Stack>
            <Title order={1}>{t('changePassword')}</Title>
            <Text>{mustChangePassword ? t('changeForced') : t('changeHint')}</Text>
            {problem && (
              <Alert color="red" variant="outline" role="alert">
                {problem}
              </Alert>
            )}
            <PasswordInput
              label={t('currentPassword')}
              autoComplete="current-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={eye}
              {...form.getInputProps('currentPassword')}
            />
            <PasswordInput
              label={t('newPassword')}
              description={t('passwordRule')}
              autoComplete="new-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={eye}
              {...form.getInputProps('newPassword')}
            />
            <PasswordInput
              label={t('repeatPassword')}
              autoComplete="new-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={eye}
              {...form.getInputProps('repeated')}
            />
            <Group justify="space-between">
              {mustChangePassword ? (
                <Button variant="default" onClick={() => void leave()}>
                  {t('signOut')}
                </Button>
              ) : (
                <Button variant="default" onClick={() => router.history.back()}>
                  {t('back')}
                </Button>
              )}
              <Button type="submit" loading={busy}>
                {t('changePassword')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Stack>
  );
}
