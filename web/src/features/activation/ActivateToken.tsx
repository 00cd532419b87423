import { ActionIcon, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { ActivationOver } from './ActivationOver.tsx';
import { ConfirmCode } from './ConfirmCode.tsx';
import { LinkSent, spelled } from './LinkSent.tsx';
import { ScanCode } from './ScanCode.tsx';
import { ScanOtpauth } from './ScanOtpauth.tsx';
import { SendLink } from './SendLink.tsx';
import { useActivation } from './use-activation.ts';

/** The activation dialog: from the QR code, over the phone's first code, to a token that is in use. */
export function ActivateToken({ serialNumber }: { serialNumber: string }) {
  const t = useTranslations('activation');
  const { token, activation, link, failure, busy, newCode, undo, ...ways } = useActivation(serialNumber);
  const [confirmed, setConfirmed] = useState(false);
  const shown = groupSerialNumber(serialNumber);
  usePageTitle(t('title', { serial: shown }));
  const state = confirmed ? 'CONFIRMED' : activation?.state;
  const isOtpauth = link?.startsWith('otpauth:') ?? false;

  if (token === null) return <NotFound />;
  return (
    <Stack gap="lg">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={1}>{t('title', { serial: shown })}</Title>
        <ActionIcon
          component={Link}
          to="/my"
          variant="subtle"
          color="gray"
          c="inherit"
          size="lg"
          aria-label={t('close')}
        >
          <IconX size={20} />
        </ActionIcon>
      </Group>
      <div aria-live="polite" className="visually-hidden">
        {activation?.byLink && state === 'OPEN'
          ? t(activation.deskNumber ? 'spokenLink' : 'spokenMail', {
              number: spelled(activation.deskNumber ?? ''),
            })
          : state && t(isOtpauth && state === 'OPEN' ? 'spokenOtpauth' : `spoken.${state}`)}
      </div>
      <FormError failure={failure} />
      {failure && !activation && (
        <Anchor component={Link} to="/my">
          {t('back')}
        </Anchor>
      )}
      {ways.isSwitchedOff && !activation && <SwitchedOff />}
      {!failure && !ways.isSwitchedOff && (!token || !activation) && <DelayedSkeleton />}
      {token && activation && state === 'OPEN' && link && isOtpauth && (
        <ScanOtpauth activation={activation} link={link} onNewCode={newCode} />
      )}
      {token && activation && (state === 'OPEN' || state === 'CONTACTED') && link && !isOtpauth && (
        <ScanCode
          activation={activation}
          link={link}
          ctKipUrl={ways.ctKipUrl}
          app={token.profile?.deviceDefinition}
          onNewCode={newCode}
          mailLink={
            <SendLink deviceType={token.profile?.deviceDefinition.deviceType} {...ways} busy={busy} />
          }
        />
      )}
      {activation?.byLink && (state === 'OPEN' || state === 'CONTACTED') && (
        <LinkSent activation={activation} onNewCode={newCode} busy={busy} {...ways} />
      )}
      {(state === 'EXPIRED' || state === 'CANCELLED') && (
        <ActivationOver how={state} byLink={activation?.byLink ?? false} onNewCode={newCode} busy={busy} />
      )}
      {token && activation && (state === 'ACTIVATED' || (state === 'OPEN' && isOtpauth)) && (
        <ConfirmCode
          serialNumber={serialNumber}
          activation={activation}
          busy={busy}
          onConfirmed={() => setConfirmed(true)}
          onNewCode={newCode}
          onUndo={() => void undo()}
        />
      )}
      {state === 'CONFIRMED' && <Done />}
    </Stack>
  );
}

function SwitchedOff() {
  const t = useTranslations('activation');
  return (
    <Stack align="flex-start" gap="sm">
      <Text>{t('switchedOff')}</Text>
      <Anchor component={Link} to="/my">
        {t('back')}
      </Anchor>
    </Stack>
  );
}

function Done() {
  const t = useTranslations('activation');
  return (
    <Stack align="flex-start" gap="sm" data-testid="activation-done">
      <Mark size={56} joined />
      <Title order={2}>{t('done')}</Title>
      <Text>{t('doneHint')}</Text>
      <Button component={Link} to="/my">
        {t('toMyAuthenticators')}
      </Button>
    </Stack>
  );
}
