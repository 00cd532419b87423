import {
  Alert,
  Box,
  Button,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { signIn } from '../../lib/auth.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { ColorSchemeSwitch } from '../../ui/ColorSchemeSwitch.tsx';
import { BrandMark } from '../../ui/BrandMark.tsx';
import { afterSignIn } from './after-sign-in.ts';

/** Sign-in by user name and password; leads on to where the person wanted to go. */
export function SignIn({ next }: { next?: string | undefined }) {
  const t = useTranslations('session');
  const router = useRouter();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useForm({ mode: 'uncontrolled', initialValues: { userName: '', password: '' } });
  usePageTitle(t('signIn'));

  const submit = form.onSubmit(async ({ userName, password }) => {
    setBusy(true);
    setProblem('');
    const answer = await signIn(userName, password).catch(() => null);
    setBusy(false);
    // The API explorer is a page of its own, which this app's router does not know.
    if (answer?.ok && next?.startsWith('/explorer')) return window.location.assign(next);
    if (answer?.ok) return router.history.push(afterSignIn(next, window.location.hash));
    if (answer?.status === 429)
      return setProblem(t('throttled', { seconds: answer.retryAfterSeconds ?? 60 }));
    if (answer?.status === 401) return setProblem(t('refused'));
    return setProblem(answer?.message ?? t('unreachable'));
  });

  return (
    <Stack component="main" align="center" justify="center" mih="100vh" p="md">
      <Paper w="100%" maw={380}>
        <Box mb="lg">
          <BrandMark size={36} />
        </Box>
        <form onSubmit={submit}>
          <Stack>
            <Title order={1}>{t('signIn')}</Title>
            {problem && (
              <Alert color="red" variant="outline" role="alert">
                {problem}
              </Alert>
            )}
            <TextInput
              label={t('userName')}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              withAsterisk={false}
              autoFocus
              {...form.getInputProps('userName')}
            />
            <PasswordInput
              label={t('password')}
              autoComplete="current-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
              {...form.getInputProps('password')}
            />
            <Button type="submit" loading={busy}>
              {t('signIn')}
            </Button>
          </Stack>
        </form>
        <Group justify="space-between" mt="lg">
          <Text c="dimmed" size="xs">
            {t('forgotten')}
          </Text>
          <ColorSchemeSwitch />
        </Group>
      </Paper>
    </Stack>
  );
}
