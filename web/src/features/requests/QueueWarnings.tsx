import { Alert, Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useAttention } from '../../lib/attention.ts';
import { useMay } from '../../lib/session.ts';

/** What keeps requests from going on: no free token, nobody who can decide. Nothing when nothing does. */
export function QueueWarnings() {
  const t = useTranslations('requestQueue.warn');
  const mayMake = useMay('TOKENS_MANAGE');
  const mayUsers = useMay('USERS_READ');
  const attention = useAttention();
  const { requestsWaitingForToken: waiting = 0, requestsNobodyCanDecide: stuck = 0 } = attention ?? {};
  return (
    <>
      {waiting > 0 && (
        <Alert variant="outline" color="yellow" title={t('tokens', { count: waiting })}>
          {t(mayMake ? 'tokensHint' : 'tokensHintOthers')}{' '}
          {mayMake && (
            <Anchor component={Link} to="/admin/tokens" underline="always">
              {t('makeTokens')}
            </Anchor>
          )}
        </Alert>
      )}
      {stuck > 0 && (
        <Alert variant="outline" color="yellow" title={t('nobody', { count: stuck })}>
          {t('nobodyHint')}{' '}
          {mayUsers && (
            <Anchor component={Link} to="/admin/users" underline="always">
              {t('toUsers')}
            </Anchor>
          )}
        </Alert>
      )}
    </>
  );
}
