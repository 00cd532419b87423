import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { DayText } from '../../ui/TimeText.tsx';
import { NewLinkButton } from './NewLinkButton.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import type { MySettings } from './my-documents.ts';
import type { NextStep } from './next-step.ts';
import { useRequestWords } from './use-request-words.ts';

const TakeTokenFile = lazy(() =>
  import('./TakeTokenFile.tsx').then((module) => ({ default: module.TakeTokenFile })),
);

/** The one thing to do next, with its one button; what only takes time is said without a button. */
export function NextStepCard({ step, settings }: { step: NextStep; settings: MySettings }) {
  const t = useTranslations('my.next');
  const tMy = useTranslations('my');
  const { what, line } = useRequestWords(settings.offers);

  if ('request' in step) {
    return (
      <Frame title={t(`${step.kind}.title`)}>
        <div>
          <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
            {what(step.request)}
          </Text>
          <Text>{line(step.request)}</Text>
        </div>
        <Text c="dimmed">{t('waitingHint')}</Text>
      </Frame>
    );
  }
  const { kind, token } = step;
  const serial = (
    <Group gap="xs">
      <Text c="dimmed" size="sm" style={{ overflowWrap: 'anywhere' }}>
        {token.nickname ?? tMy('token')}
      </Text>
      <SerialNumber value={token.serialNumber} />
    </Group>
  );
  if (kind === 'file') {
    return (
      <Frame title={t('file.title')}>
        <Text>{t('file.text')}</Text>
        {serial}
        <Suspense>
          <TakeTokenFile tokenId={token.id} />
        </Suspense>
      </Frame>
    );
  }
  if (kind === 'mailed') {
    return (
      <Frame title={t('mailed.title')}>
        <Text>{t('mailed.text')}</Text>
        {serial}
        <NewLinkButton tokenId={token.id} />
      </Frame>
    );
  }
  if (kind === 'url' || kind === 'off') {
    return (
      <Frame title={t(`${kind}.title`)}>
        <Text>{t(`${kind}.text`)}</Text>
        {serial}
      </Frame>
    );
  }
  if (kind === 'replaceExpiring' || kind === 'replaceLost') {
    const reason = kind === 'replaceLost' ? 'LOST' : 'EXPIRING';
    return (
      <Frame title={t(`${kind}.title`)}>
        <Text>
          {kind === 'replaceLost'
            ? t('replaceLost.text')
            : t.rich('replaceExpiring.text', { day: () => <DayText day={token.expiresOn ?? ''} /> })}
        </Text>
        {serial}
        <Button
          component={Link}
          to="/my/request"
          search={{ replaces: token.serialNumber, reason } as never}
          mt="xs"
        >
          {t(`${kind}.button`)}
        </Button>
      </Frame>
    );
  }
  const offer = settings.offers.find(({ profile }) => profile.id === token.profile?.id);
  const appUrl = offer?.appUrl || token.profile?.deviceDefinition.appDownloadUrl || null;
  return (
    <Frame title={t(`${kind}.title`)}>
      {kind === 'first' ? (
        <FirstSteps appUrl={appUrl} minutes={settings.qrMinutes} />
      ) : (
        <Text>{kind === 'scan' ? t('scan.text', { minutes: settings.qrMinutes }) : t('confirm.text')}</Text>
      )}
      {serial}
      <Button
        component={Link}
        to="/my/tokens/$serialNumber/activate"
        params={{ serialNumber: token.serialNumber } as never}
        mt="xs"
      >
        {t(kind === 'confirm' ? 'confirm.button' : 'scan.button')}
      </Button>
    </Frame>
  );
}

/** The frame of the next step, which the eye finds first. */
function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card
      withBorder
      padding="lg"
      style={{ borderColor: 'var(--mantine-primary-color-filled)' }}
      data-testid="next-step"
    >
      <Stack gap="xs" align="flex-start">
        <Title order={2}>{title}</Title>
        {children}
      </Stack>
    </Card>
  );
}
