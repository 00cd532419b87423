import {
  Anchor,
  AppShell,
  Badge,
  Burger,
  Button,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import {
  IconAdjustments,
  IconDeviceMobile,
  IconHistory,
  IconHome,
  IconId,
  IconInbox,
  IconKey,
  IconListCheck,
  IconSearch,
  IconSend,
  IconUser,
  IconUsers,
} from '@tabler/icons-react';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { IntlProvider, useLocale, useTimeZone, useTranslations } from 'use-intl';
import type { Permission } from '../gql/graphql';
import { adminMessages } from '../lib/admin-messages.ts';
import { useAttention } from '../lib/attention.ts';
import { messages } from '../lib/messages.ts';
import { useSession } from '../lib/session.ts';
import { ColorSchemeSwitch } from './ColorSchemeSwitch.tsx';
import { InsecureBanner } from './InsecureBanner.tsx';
import { Mark } from './Mark.tsx';
import { leave } from '../lib/leave.ts';
import { NoAccess } from './NoAccess.tsx';
import { openQuickSearch, QuickSearch } from './QuickSearch.tsx';
import { SessionEnding } from './SessionEnding.tsx';

const all = { ...messages, ...adminMessages };

const entries: {
  to: string;
  label: keyof typeof adminMessages.admin.nav;
  Icon: typeof IconHome;
  needs?: Permission;
}[] = [
  { to: '/admin', label: 'home', Icon: IconHome },
  { to: '/admin/requests', label: 'requests', Icon: IconInbox, needs: 'REQUESTS_READ' },
  { to: '/admin/users', label: 'users', Icon: IconUsers, needs: 'USERS_READ' },
  { to: '/admin/tokens', label: 'tokens', Icon: IconKey, needs: 'TOKENS_READ' },
  { to: '/admin/distribute', label: 'distribute', Icon: IconSend, needs: 'TOKENS_DISTRIBUTE' },
  { to: '/admin/jobs', label: 'jobs', Icon: IconListCheck, needs: 'TOKENS_READ' },
  { to: '/admin/profiles', label: 'profiles', Icon: IconId, needs: 'PROFILES_READ' },
  {
    to: '/admin/device-definitions',
    label: 'deviceDefinitions',
    Icon: IconDeviceMobile,
    needs: 'PROFILES_READ',
  },
  { to: '/admin/audit', label: 'audit', Icon: IconHistory, needs: 'AUDIT_READ' },
  { to: '/admin/setup', label: 'setup', Icon: IconAdjustments, needs: 'SETTINGS_READ' },
];

/** What a page needs: that of the longest address that it begins with. */
function neededFor(path: string): Permission | undefined {
  const pages = [
    ...entries,
    { to: '/admin/profiles/new', needs: 'PROFILES_MANAGE' as const },
    { to: '/admin/tokens/import', needs: 'TOKENS_MANAGE' as const },
  ];
  const found = pages.filter(({ to }) => path === to || path.startsWith(`${to}/`));
  return found.toSorted((a, b) => b.to.length - a.to.length)[0]?.needs;
}

/** The Security Console's frame, with its own catalogue of texts. */
export function AdminShell() {
  return (
    <IntlProvider locale={useLocale()} timeZone={useTimeZone() ?? 'UTC'} messages={all as never}>
      <Frame />
    </IntlProvider>
  );
}

function Frame() {
  const t = useTranslations('admin');
  const { permissions } = useSession();
  const [opened, { toggle, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(close, [path, close]);
  const needed = neededFor(path);
  const isHere = (to: string) =>
    to === '/admin' ? path === '/admin' || path === '/admin/' : path.startsWith(to);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <AppShell.Header>
        <Anchor href="#content" className="skip-link">
          {t('skipToContent')}
        </Anchor>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('navigation')} />
            <Anchor component={Link} to="/admin" c="inherit" underline="never" aria-label={t('toHome')}>
              <Group gap="xs" wrap="nowrap">
                <Mark />
                <Text fw={600} visibleFrom="xs">
                  Symbolon
                </Text>
              </Group>
            </Anchor>
          </Group>
          <Button
            variant="default"
            fw={400}
            leftSection={<IconSearch size={16} />}
            rightSection={
              <Text component="kbd" size="xs" c="dimmed" visibleFrom="sm">
                /
              </Text>
            }
            onClick={openQuickSearch}
            style={{ flex: '0 1 320px' }}
            justify="flex-start"
          >
            {t('quickSearch')}
          </Button>
          <Group gap={4} wrap="nowrap">
            <ColorSchemeSwitch />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('navigation')}>
        <ScrollArea>
          {entries
            .filter(({ needs }) => !needs || permissions.includes(needs))
            .map(({ to, label, Icon }) => (
              <NavLink
                key={to}
                renderRoot={(props) => <Link {...props} to={to} activeOptions={{ exact: to === '/admin' }} />}
                label={t(`nav.${label}`)}
                leftSection={<Icon size={18} stroke={1.6} />}
                rightSection={label === 'requests' && <RequestsForMe />}
                active={isHere(to)}
                variant="light"
                style={{ borderRadius: 'var(--mantine-radius-md)' }}
              />
            ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <InsecureBanner />
        <SessionEnding />
        {!needed || permissions.includes(needed) ? <Outlet /> : <NoAccess />}
      </AppShell.Main>
      <QuickSearch />
      <Notifications position="bottom-right" />
    </AppShell>
  );
}

/** How many requests wait for the viewer; nothing when none does. */
function RequestsForMe() {
  const t = useTranslations('admin');
  const count = useAttention()?.requestsForMe;
  if (!count) return null;
  return (
    <>
      <Badge size="sm" aria-hidden="true">
        {count}
      </Badge>
      <span className="visually-hidden">{t('requestsForMe', { count })}</span>
    </>
  );
}

function AccountMenu() {
  const t = useTranslations('session');
  const { user } = useSession();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton px={8} py={6} aria-label={`${t('account')}: ${user.userName}`}>
          <Group gap={6} wrap="nowrap">
            <IconUser size={18} />
            <Text size="sm" visibleFrom="md" truncate maw={160}>
              {user.userName}
            </Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.givenName} {user.familyName}
        </Menu.Label>
        <Menu.Item onClick={() => void navigate({ to: '/my' })}>{t('selfService')}</Menu.Item>
        <Menu.Item onClick={() => void navigate({ to: '/my/account' })}>{t('account')}</Menu.Item>
        <Menu.Item onClick={() => void navigate({ to: '/change-password' })}>{t('changePassword')}</Menu.Item>
        <Menu.Item onClick={() => void leave()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
