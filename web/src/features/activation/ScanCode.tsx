import { Anchor, Button, Collapse, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { minutesText, useCountdown } from '../../lib/use-countdown.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { CountdownRing } from '../../ui/CountdownRing.tsx';
import { QrPicture } from './QrPicture.tsx';
import classes from './ScanCode.module.css';
import { SpelledCode } from './SpelledCode.tsx';
import { SpokenTime } from './SpokenTime.tsx';
import type { LiveActivation } from './use-activation.ts';
import { usePhoneStatus } from './use-phone-status.ts';

type ScanCodeProps = {
  activation: LiveActivation;
  link: string;
  ctKipUrl: string;
  app: { deviceType: string; appDownloadUrl?: string | null } | undefined;
  onNewCode: () => void;
  /** The way by mail. */
  mailLink: ReactNode;
};

/** The QR code with its clock, and the ways for who cannot scan it. In a phone's own browser the link comes first. */
export function ScanCode({ activation, link, ctKipUrl, app, onNewCode, mailLink }: ScanCodeProps) {
  const t = useTranslations('activation');
  const isPhone = useMediaQuery('(pointer: coarse) and (max-width: 600px)');
  const [typed, { toggle }] = useDisclosure(false);
  const left = useCountdown(activation.secondsLeft, activation.at);
  const [whole] = useState(() => Math.max(300, activation.secondsLeft));
  const status = usePhoneStatus(activation);
  const code = new URLSearchParams(link.split('?')[1]).get('activationCode') ?? '';
  const openHere = (
    <Button
      component="a"
      href={link}
      variant={isPhone ? 'filled' : 'subtle'}
      size={isPhone ? 'md' : 'compact-md'}
    >
      {t('openHere')}
    </Button>
  );

  return (
    <Stack gap="lg">
      <SpokenTime left={left} />
      {isPhone && openHere}
      <div className={classes['scan']}>
        <QrPicture value={link} left={left} onNewCode={onNewCode} />
        <Stack gap="md">
          <List type="ordered" spacing="xs">
            <List.Item>
              {t('installApp', { deviceType: app?.deviceType ?? '' })}{' '}
              {app?.appDownloadUrl && (
                <Anchor href={app.appDownloadUrl} target="_blank" rel="noreferrer" underline="always">
                  {t('getIt')}
                </Anchor>
              )}
            </List.Item>
            <List.Item>{t('scanIt')}</List.Item>
            <List.Item>{t('typeIt')}</List.Item>
          </List>
          <Group gap="xs">
            <CountdownRing left={left} whole={whole} />
            <Text data-testid="time-left">{t('left', { time: minutesText(left) })}</Text>
          </Group>
          <Text
            fw={status === 'waiting' ? 400 : 600}
            c={status === 'phoneSilent' ? 'var(--sy-waiting)' : undefined}
            aria-live="polite"
          >
            {t(status)}
          </Text>
        </Stack>
      </div>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t('cannotScan')}
        </Text>
        {!isPhone && openHere}
        {code && (
          <Button variant="subtle" size="compact-md" onClick={toggle} aria-expanded={typed}>
            {t('showCode')}
          </Button>
        )}
        {mailLink}
      </Group>
      <Collapse expanded={typed}>
        <Stack gap="sm">
          <CopyField label={t('ctKipUrl')} value={ctKipUrl} />
          <CopyField label={t('activationCode')} value={code} shown={<SpelledCode value={code} />} />
        </Stack>
      </Collapse>
    </Stack>
  );
}
