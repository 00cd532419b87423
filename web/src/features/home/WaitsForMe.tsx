import { Anchor, List, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCalendarDue,
  IconHourglassLow,
  IconInbox,
  IconListCheck,
  IconMailX,
  IconUserQuestion,
  IconWorldX,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useAttention } from '../../lib/attention.ts';
import { useMay } from '../../lib/session.ts';
import { Section } from '../../ui/Page.tsx';

type WaitsForMeProps = {
  /** Tokens that end before `expiresBefore`. */
  expiring: number;
  expiresBefore: string;
};
type Line = {
  key: string;
  count: number;
  Icon: typeof IconAlertTriangle;
  text: string;
  hint?: string;
  to?: string | false;
  search?: object;
};

/** What waits for the viewer: a line with a link for each; or that nothing does. */
export function WaitsForMe({ expiring, expiresBefore }: WaitsForMeProps) {
  const t = useTranslations('admin.home');
  const attention = useAttention();
  const may = {
    requests: useMay('REQUESTS_READ'),
    tokens: useMay('TOKENS_MANAGE'),
    settings: useMay('SETTINGS_READ'),
  };
  if (!attention) return null;
  const {
    requestsForMe,
    requestsNobodyCanDecide,
    requestsWaitingForToken,
    failedMails,
    addressTrouble,
    freeTokens,
    failedJobs,
  } = attention;
  const all: Line[] = [
    {
      key: 'forMe',
      count: requestsForMe,
      Icon: IconInbox,
      text: t('requestsForMe', { count: requestsForMe }),
      to: may.requests && '/admin/requests',
      search: { forMe: 1 },
    },
    {
      key: 'stuck',
      count: requestsNobodyCanDecide,
      Icon: IconUserQuestion,
      text: t('requestsStuck', { count: requestsNobodyCanDecide }),
      hint: t('requestsStuckHint'),
      to: may.requests && '/admin/requests',
    },
    {
      key: 'waiting',
      count: requestsWaitingForToken,
      Icon: IconHourglassLow,
      text: t('requestsWaiting', { count: requestsWaitingForToken }),
      hint: t('requestsWaitingHint', { count: freeTokens }),
      to: may.tokens ? '/admin/tokens' : may.requests && '/admin/requests',
    },
    {
      key: 'jobs',
      count: failedJobs,
      Icon: IconListCheck,
      text: t('failedJobs', { count: failedJobs }),
      to: '/admin/jobs',
    },
    {
      key: 'mails',
      count: failedMails,
      Icon: IconMailX,
      text: t('failedMails', { count: failedMails }),
      to: may.settings && '/admin/setup/mail',
    },
    {
      key: 'addresses',
      count: addressTrouble,
      Icon: IconWorldX,
      text: t('addressTrouble', { count: addressTrouble }),
      to: '/admin/setup/addresses',
    },
    {
      key: 'expiring',
      count: expiring,
      Icon: IconCalendarDue,
      text: t('tokensExpiring', { count: expiring }),
      to: '/admin/tokens',
      search: { expiresBefore, status: ['ACTIVE', 'PENDING', 'ASSIGNED'] },
    },
  ];
  const lines = all.filter(({ count }) => count > 0);
  return (
    <Section title={t('forYou')}>
      {lines.length === 0 ? (
        <Text c="dimmed">{t('nothing')}</Text>
      ) : (
        <List listStyleType="none" spacing="xs">
          {lines.map(({ key, Icon, text, hint, to, search }) => (
            <List.Item
              key={key}
              icon={<Icon size={18} stroke={1.6} aria-hidden="true" style={{ display: 'block' }} />}
            >
              {to ? (
                <Anchor component={Link} to={to} search={search as never} underline="always">
                  {text}
                </Anchor>
              ) : (
                text
              )}
              {hint && (
                <Text span c="dimmed" size="sm">
                  {' '}
                  {hint}
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}
