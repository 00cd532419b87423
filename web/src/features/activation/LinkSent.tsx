import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { ActionFailure } from '../../lib/use-action.ts';
import { minutesText, useCountdown } from '../../lib/use-countdown.ts';
import { FormError } from '../../ui/FormError.tsx';
import { ActivationOver } from './ActivationOver.tsx';
import classes from './LinkSent.module.css';
import { SpokenTime } from './SpokenTime.tsx';
import type { LiveActivation } from './use-activation.ts';
import { usePhoneStatus } from './use-phone-status.ts';

type LinkSentProps = {
  activation: LiveActivation;
  onNewCode: () => void;
  sendLink: () => Promise<boolean>;
  linkFailure: ActionFailure | null;
  busy: boolean;
};

// The button that was pressed has gone with its dialog, and the focus with it.
const takeFocus = (heading: HTMLElement | null) => heading?.focus();

/** While a mailed link is on its way: to whom, the number that the page behind it asks for, and the ways out. */
export function LinkSent({ activation, onNewCode, sendLink, linkFailure, busy }: LinkSentProps) {
  const t = useTranslations('activation');
  const left = useCountdown(activation.secondsLeft, activation.at);
  const status = usePhoneStatus(activation);
  const { deskNumber, sentTo, state } = activation;
  if (left === 0 && state === 'OPEN') {
    return <ActivationOver how="EXPIRED" byLink onNewCode={onNewCode} busy={busy} />;
  }
  return (
    <Stack gap="lg" align="flex-start" data-testid="link-sent">
      <SpokenTime left={left} />
      <Title order={2} className={classes['heading']} tabIndex={-1} ref={takeFocus}>
        {t('linkSent', { address: sentTo ?? '' })}
      </Title>
      <List type="ordered" spacing="xs">
        <List.Item>{t(deskNumber ? 'linkSteps.open' : 'linkSteps.openCode')}</List.Item>
        {deskNumber && (
          <List.Item>
            {t('linkSteps.number')}
            <span className={classes['number']} aria-hidden="true" data-testid="desk-number">
              {deskNumber.slice(0, 3)}&nbsp;{deskNumber.slice(3)}
            </span>
            <span className="visually-hidden">{spelled(deskNumber)}</span>
          </List.Item>
        )}
        <List.Item>{t(deskNumber ? 'linkSteps.app' : 'linkSteps.code')}</List.Item>
      </List>
      <Group gap="xs">
        <Text
          fw={status === 'waiting' ? 400 : 600}
          c={status === 'phoneSilent' ? 'var(--sy-waiting)' : undefined}
          aria-live="polite"
        >
          {t(status === 'phoneSilent' ? 'phoneSilentByLink' : status)}
        </Text>
        <Text c="dimmed" data-testid="time-left">
          {t('left', { time: minutesText(left) })}
        </Text>
      </Group>
      <FormError failure={linkFailure} />
      <div>
        <Group gap="xs">
          <Button variant="default" loading={busy} onClick={onNewCode}>
            {t('qrInstead')}
          </Button>
          <Button variant="subtle" disabled={busy} onClick={() => void sendLink()}>
            {t('sendAgain')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed" mt={4}>
          {t('qrInsteadHint')}
        </Text>
      </div>
    </Stack>
  );
}

/** Digit by digit, as a screen reader says it. */
export const spelled = (digits: string): string => [...digits].join(' ');
