import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { ActionFailure } from '../../lib/use-action.ts';
import { minutesText, useCountdown } from '../../lib/use-countdown.ts';
import { FormError } from '../../ui/FormError.tsx';
import classes from './LinkSent.module.css';
import type { LiveActivation } from './use-activation.ts';

type LinkSentProps = {
  activation: LiveActivation;
  onNewCode: () => void;
  sendLink: () => Promise<boolean>;
  linkFailure: ActionFailure | null;
  busy: boolean;
};

/** While a mailed link is on its way: to whom, the number that the page behind it asks for, and the ways out. */
export function LinkSent({ activation, onNewCode, sendLink, linkFailure, busy }: LinkSentProps) {
  const t = useTranslations('activation');
  const left = useCountdown(activation.secondsLeft, activation.at);
  const { deskNumber, sentTo, state } = activation;
  return (
    <Stack gap="lg" align="flex-start" data-testid="link-sent">
      <Title order={2} style={{ overflowWrap: 'anywhere' }}>
        {t('linkSent', { address: sentTo ?? '' })}
      </Title>
      <List type="ordered" spacing="xs">
        <List.Item>{t(deskNumber ? 'linkSteps.open' : 'linkSteps.openCode')}</List.Item>
        {deskNumber && (
          <List.Item>
            {t('linkSteps.number')}
            <span
              className={classes['number']}
              role="status"
              aria-label={`${t('deskNumber')}: ${[...deskNumber].join(' ')}`}
              data-testid="desk-number"
            >
              {deskNumber.slice(0, 3)}&nbsp;{deskNumber.slice(3)}
            </span>
          </List.Item>
        )}
        <List.Item>{t(deskNumber ? 'linkSteps.app' : 'linkSteps.code')}</List.Item>
      </List>
      <Group gap="xs">
        <Text fw={state === 'CONTACTED' ? 600 : 400} aria-live="polite">
          {t(state === 'CONTACTED' ? 'phoneFound' : 'waiting')}
        </Text>
        <Text c="dimmed">{t('left', { time: minutesText(left) })}</Text>
      </Group>
      <FormError failure={linkFailure} />
      <Group gap="xs">
        <Button variant="default" loading={busy} onClick={onNewCode}>
          {t('qrInstead')}
        </Button>
        <Button variant="subtle" disabled={busy} onClick={() => void sendLink()}>
          {t('sendAgain')}
        </Button>
      </Group>
    </Stack>
  );
}
