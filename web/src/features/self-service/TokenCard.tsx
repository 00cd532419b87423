import { Button, Card, Collapse, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { minutesText } from '../../lib/use-countdown.ts';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { DayText, TimeText } from '../../ui/TimeText.tsx';
import type { MyRequest, MySettings, MyToken } from './my-documents.ts';
import { isEnding, stepOfToken } from './next-step.ts';
import { TestToken } from './TestToken.tsx';
import { TokenMenu } from './TokenMenu.tsx';

type TokenCardProps = {
  token: MyToken;
  /** The page's one next step is about this token already. */
  isNext: boolean;
  requests: readonly MyRequest[];
  settings: MySettings;
  onChanged: () => void;
};

/** One token of one's own: name, device, status in words, last use, and what can be done with it. */
export function TokenCard({ token, isNext, requests, settings, onChanged }: TokenCardProps) {
  const t = useTranslations('my');
  const [testing, { toggle }] = useDisclosure(false);
  const { openActivation: activation } = token;
  const step = stepOfToken(token);
  const mayTest =
    settings.testEnabled &&
    token.enabled &&
    token.status !== 'EXPIRED' &&
    (token.hasLiveSeed || token.hasProvisionalSeed);
  const mayActivate = step === 'confirm' || (step === 'scan' && settings.activationEnabled);
  return (
    <Card
      withBorder
      padding="md"
      id={`token-${token.serialNumber}`}
      data-testid={`token-${token.serialNumber}`}
    >
      <Stack gap="xs">
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Group justify="space-between" gap="xs" style={{ flex: 1, minWidth: 0 }}>
            <Text fw={600} style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
              {token.nickname ?? t('token')} <SerialNumber value={token.serialNumber} />
            </Text>
            <StatusBadge status={token.status} />
          </Group>
          <TokenMenu token={token} requests={requests} settings={settings} onChanged={onChanged} />
        </Group>
        <CardFacts token={token} settings={settings} />
        <CardNotes token={token} />
        <Group gap="xs">
          {mayActivate && !isNext && (
            <Button
              component={Link}
              to="/my/tokens/$serialNumber/activate"
              params={{ serialNumber: token.serialNumber } as never}
              variant="default"
            >
              {t(`next.${step === 'confirm' ? 'confirm' : 'scan'}.button`)}
            </Button>
          )}
          {mayTest && (
            <Button variant="default" onClick={toggle} aria-expanded={testing}>
              {t('test')}
            </Button>
          )}
        </Group>
        <Collapse expanded={testing}>
          {testing && (
            <TestToken
              serialNumber={token.serialNumber}
              length={activation?.tokencodeLength ?? token.tokencodeLength}
            />
          )}
        </Collapse>
      </Stack>
    </Card>
  );
}

/** Device, last use and last day, in one line. */
function CardFacts({ token, settings }: { token: MyToken; settings: MySettings }) {
  const t = useTranslations('my');
  const facts: [string, ReactNode][] = [];
  if (token.device) facts.push(['device', t('onDevice', { device: token.device })]);
  if (token.lastUsedAt) {
    const used = (
      <>
        {t('lastUsed')} <TimeText at={token.lastUsedAt} />
      </>
    );
    facts.push(['used', used]);
  }
  if (token.expiresOn) {
    const until = (
      <>
        {t('validUntil')} <DayText day={token.expiresOn} />
        {token.status === 'ACTIVE' && isEnding(token, settings.expiringDays) && (
          <Text span inherit c="var(--sy-waiting)" fw={600}>
            {' '}
            ({t('endsSoon')})
          </Text>
        )}
      </>
    );
    facts.push(['until', until]);
  }
  if (facts.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      {facts.map(([key, fact], index) => (
        <Fragment key={key}>
          {index > 0 && ' · '}
          {fact}
        </Fragment>
      ))}
    </Text>
  );
}

const notes = { ASSIGNED: 'assigned', LOST: 'lost', REPLACED: 'replaced', EXPIRED: 'ended' } as const;

/** What is special about the token now, in sentences. */
function CardNotes({ token }: { token: MyToken }) {
  const t = useTranslations('my');
  const { openActivation: activation, pendingDistribution: pending, status } = token;
  const isUnderWay = activation?.state === 'OPEN' || activation?.state === 'CONTACTED';
  const note =
    token.managedElsewhere && status === 'ASSIGNED'
      ? 'managedElsewhere'
      : status in notes
        ? notes[status as keyof typeof notes]
        : !token.enabled && 'disabled';
  return (
    <>
      {isUnderWay && (
        <Text size="sm">{t('activationOpen', { time: minutesText(activation.secondsLeft) })}</Text>
      )}
      {pending?.deliveryMethod === 'CT_KIP_URL' && <Text size="sm">{t('byUrl')}</Text>}
      {token.lockedAt && token.enabled && <Text size="sm">{t('lockedElsewhere')}</Text>}
      {note && <Text size="sm">{t(note)}</Text>}
    </>
  );
}
