import { Button, Collapse, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { minutesText, useCountdown } from '../../lib/use-countdown.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { CountdownRing } from '../../ui/CountdownRing.tsx';
import { QrPicture } from './QrPicture.tsx';
import classes from './ScanCode.module.css';
import { SpelledCode } from './SpelledCode.tsx';
import { SpokenTime } from './SpokenTime.tsx';
import type { LiveActivation } from './use-activation.ts';

type ScanOtpauthProps = { activation: LiveActivation; link: string; onNewCode: () => void };

/** What the link says, for who types it into the app instead. */
function partsOf(link: string) {
  const url = new URL(link);
  return {
    secret: url.searchParams.get('secret') ?? '',
    account: decodeURIComponent(url.pathname.split('/').at(-1) ?? '').replace(/^[^:]*:/, ''),
    digits: url.searchParams.get('digits') ?? '6',
    seconds: url.searchParams.get('period') ?? '30',
    hash: (url.searchParams.get('algorithm') ?? 'SHA1').replace('SHA', 'SHA-'),
  };
}

/** The QR code of an authenticator app with its clock, and the same to type. In a phone's own browser the link comes first. */
export function ScanOtpauth({ activation, link, onNewCode }: ScanOtpauthProps) {
  const t = useTranslations('activation');
  const isPhone = useMediaQuery('(pointer: coarse) and (max-width: 600px)');
  const [typed, { toggle }] = useDisclosure(false);
  const left = useCountdown(activation.secondsLeft, activation.at);
  const [whole] = useState(() => Math.max(300, activation.secondsLeft));
  const { secret, account, ...settings } = partsOf(link);
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
            <List.Item>{t('otpauthApp')}</List.Item>
            <List.Item>{t('otpauthScan')}</List.Item>
            <List.Item>{t('otpauthType')}</List.Item>
          </List>
          <Group gap="xs">
            <CountdownRing left={left} whole={whole} />
            <Text data-testid="time-left">{t('left', { time: minutesText(left) })}</Text>
          </Group>
          <Text size="sm" c="dimmed">
            {t('otpauthPrivate')}
          </Text>
        </Stack>
      </div>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t('cannotScan')}
        </Text>
        {!isPhone && openHere}
        <Button variant="subtle" size="compact-md" onClick={toggle} aria-expanded={typed}>
          {t('showSecret')}
        </Button>
      </Group>
      <Collapse expanded={typed}>
        <Stack gap="sm">
          <CopyField label={t('account')} value={account} />
          <CopyField label={t('secret')} value={secret} shown={<SpelledCode value={secret} />} />
          <Text size="sm">{t('secretSettings', settings)}</Text>
        </Stack>
      </Collapse>
    </Stack>
  );
}
