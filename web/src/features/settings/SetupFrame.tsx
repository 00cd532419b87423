import { Alert, Group, NavLink } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useMay } from '../../lib/session.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { Page } from '../../ui/Page.tsx';

const pages = [
  { to: '/admin/setup', label: 'limits' },
  { to: '/admin/setup/addresses', label: 'addresses' },
  { to: '/admin/setup/self-service', label: 'selfService' },
  { to: '/admin/setup/approval', label: 'approval' },
  { to: '/admin/setup/appearance', label: 'appearance' },
  { to: '/admin/setup/mail', label: 'mail' },
  { to: '/admin/setup/mail-texts', label: 'mailTexts' },
  { to: '/admin/setup/api-keys', label: 'apiKeys' },
] as const;

/** Setup with its pages; the address names the page. */
export function SetupFrame() {
  const t = useTranslations('settings');
  const mail = useTranslations('mail');
  const mayManage = useMay('SETTINGS_MANAGE');
  const path = useRouterState({ select: (state) => state.location.pathname.replace(/\/$/, '') });
  const isHere = (to: string) => path === to || (to !== '/admin/setup' && path.startsWith(`${to}/`));
  const event = `events.${path.split('/mail-texts/')[1] ?? ''}` as 'events.TEST';
  const here = pages.find(({ to }) => isHere(to));
  const title = mail.has(event) ? mail(event) : here && t(`page.${here.label}`);
  // After the page's own: the tab names the page within Setup.
  usePageTitle(title ? `${title} · ${t('title')}` : t('title'));
  return (
    <Page title={t('title')}>
      <Group component="nav" aria-label={t('pages')} gap={4} wrap="wrap">
        {pages.map(({ to, label }) => (
          <NavLink
            key={to}
            renderRoot={(props) => <Link {...props} to={to} activeOptions={{ exact: true }} />}
            label={t(`page.${label}`)}
            active={isHere(to)}
            aria-current={isHere(to) ? 'page' : undefined}
            variant="light"
            w="auto"
            style={{ borderRadius: 'var(--mantine-radius-md)' }}
          />
        ))}
      </Group>
      {!mayManage && (
        <Alert variant="outline" color="gray">
          {t('readOnly')}
        </Alert>
      )}
      <Outlet />
    </Page>
  );
}
