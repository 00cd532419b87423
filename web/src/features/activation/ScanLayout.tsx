import { Button, Collapse, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { minutesText, useCountdown } from '../../lib/use-countdown.ts';
import { CountdownRing } from '../../ui/CountdownRing.tsx';
import { QrPicture } from './QrPicture.tsx';
import classes from './ScanLayout.module.css';
import { SpokenTime } from './SpokenTime.tsx';
import type { LiveActivation } from './use-activation.ts';

type ScanLayoutProps = {
  activation: LiveActivation;
  link: string;
  onNewCode: () => void;
  /** What to do, in this order. */
  steps: ReactNode[];
  /** Stands below the clock. */
  status: ReactNode;
  /** For who types instead of scanning; null where there is nothing to type. */
  typing: { button: string; fields: ReactNode } | null;
  /** More ways for who cannot scan. */
  otherWays?: ReactNode;
};

/** A QR code with its clock, and the ways for who cannot scan it. In a phone's own browser the link comes first. */
export function ScanLayout({
  activation,
  link,
  onNewCode,
  steps,
  status,
  typing,
  otherWays,
}: ScanLayoutProps) {
  const t = useTranslations('activation');
  const isPhone = useMediaQuery('(pointer: coarse) and (max-width: 600px)');
  const [typed, { toggle }] = useDisclosure(false);
  const left = useCountdown(activation.secondsLeft, activation.at);
  const [whole] = useState(() => Math.max(300, activation.secondsLeft));
  const openHere = (
    <Button
      component="a"
      href={link}
      {...(isPhone ? {} : { className: 'flush' })}
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
            {steps.map((step, index) => (
              <List.Item key={index}>{step}</List.Item>
            ))}
          </List>
          <Group gap="xs">
            <CountdownRing left={left} whole={whole} />
            <Text data-testid="time-left">{t('left', { time: minutesText(left) })}</Text>
          </Group>
          {status}
        </Stack>
      </div>
      <Group gap="lg" style={{ rowGap: 8 }}>
        <Text size="sm" c="dimmed">
          {t('cannotScan')}
        </Text>
        {!isPhone && openHere}
        {typing && (
          <Button className="flush" variant="subtle" size="compact-md" onClick={toggle} aria-expanded={typed}>
            {typing.button}
          </Button>
        )}
        {otherWays}
      </Group>
      {typing && (
        <Collapse expanded={typed}>
          <Stack gap="sm">{typing.fields}</Stack>
        </Collapse>
      )}
    </Stack>
  );
}
