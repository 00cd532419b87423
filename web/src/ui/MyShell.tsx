import { Anchor, Box, Button, Container, Group, Text } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { leave } from '../lib/leave.ts';
import { useSession } from '../lib/session.ts';
import { ColorSchemeSwitch } from './ColorSchemeSwitch.tsx';
import { BrandMark } from './BrandMark.tsx';
import { SessionEnding } from './SessionEnding.tsx';

/** Self-service: one column, the person's name, three entries at most. */
export function MyShell() {
  const t = useTranslations('session');
  const { user, permissions } = useSession();
  return (
    <>
      <Anchor href="#content" className="skip-link">
        {t('skipToContent')}
      </Anchor>
      <Box component="header" style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}>
        <Container size={720} py="xs">
          <Group justify="space-between" gap="xs">
            <Anchor component={Link} to="/my" c="inherit" underline="never">
              <BrandMark />
            </Anchor>
            <Group gap={4} component="nav" aria-label={t('account')}>
              <Text size="sm" c="dimmed" visibleFrom="sm" mr="xs" maw={240} truncate>
                {user.givenName} {user.familyName}
              </Text>
              {permissions.length > 0 && (
                <Button component={Link} to="/admin" variant="subtle" size="compact-sm">
                  {t('adminConsole')}
                </Button>
              )}
              <Button component={Link} to="/my/account" variant="subtle" size="compact-sm">
                {t('account')}
              </Button>
              <Button variant="subtle" size="compact-sm" onClick={() => void leave()}>
                {t('signOut')}
              </Button>
              <ColorSchemeSwitch />
            </Group>
          </Group>
        </Container>
      </Box>
      <Container component="main" id="content" size={720} py="xl">
        <SessionEnding />
        <Outlet />
      </Container>
    </>
  );
}
