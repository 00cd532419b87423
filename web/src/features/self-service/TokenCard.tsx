import { Button, Card, Collapse, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { minutesText } from '../../lib/use-countdown.ts';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { DayText, TimeText } from '../../ui/TimeText.tsx';
import { type MyToken, nextStepOf } from './MyAuthenticators.tsx';
import { TestToken } from './TestToken.tsx';

/** One token of one's own: name, device, status in words, last use, and what can be done with it. */
export function TokenCard({ token, isNext }: { token: MyToken; isNext: boolean }) {
  const t = useTranslations('my');
  const [testing, { toggle }] = useDisclosure(false);
  const { openActivation: activation, pendingDistribution: pending } = token;
  const isOpen = activation?.state === 'OPEN' || activation?.state === 'CONTACTED';
  const mayTest =
    token.enabled && token.status !== 'EXPIRED' && (token.hasLiveSeed || token.hasProvisionalSeed);
  return (
    <Card withBorder padding="md" data-testid={`token-${token.serialNumber}`}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {token.nickname ?? t('token')} <SerialNumber value={token.serialNumber} />
          </Text>
          <StatusBadge status={token.status} />
        </Group>
        <Text size="sm" c="dimmed">
          {[token.device && t('onDevice', { device: token.device })].filter(Boolean).join(' · ')}
          {token.device && (token.lastUsedAt || token.expiresOn) && ' · '}
          {token.lastUsedAt && (
            <>
              {t('lastUsed')} <TimeText at={token.lastUsedAt} />
            </>
          )}
          {token.lastUsedAt && token.expiresOn && ' · '}
          {token.expiresOn && (
            <>
              {t('validUntil')} <DayText day={token.expiresOn} />
            </>
          )}
        </Text>
        {isOpen && (
          <Text size="sm">{t('activationOpen', { time: minutesText(activation.secondsLeft) })}</Text>
        )}
        {pending?.deliveryMethod === 'CT_KIP_URL' && <Text size="sm">{t('byUrl')}</Text>}
        {!token.enabled && <Text size="sm">{t('disabled')}</Text>}
        <Group gap="xs">
          {nextStepOf(token) !== 'none' && !isNext && (
            <Button
              component={Link}
              to="/my/tokens/$serialNumber/activate"
              params={{ serialNumber: token.serialNumber } as never}
              variant="default"
            >
              {t(`next.${nextStepOf(token) === 'confirm' ? 'confirm' : 'scan'}.button`)}
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
