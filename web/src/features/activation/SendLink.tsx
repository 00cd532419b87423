import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import type { ActionFailure } from '../../lib/use-action.ts';
import type { NoLink } from './use-activation.ts';

// Most people scan; they need not load a dialog for it.
const ConfirmDialog = lazy(async () => ({
  default: (await import('../../ui/ConfirmDialog.tsx')).ConfirmDialog,
}));

type SendLinkProps = {
  /** Why no link can be mailed. */
  noLink: NoLink;
  deviceType: string | undefined;
  /** On file. */
  address: string;
  linkMinutes: number;
  sendLink: () => Promise<boolean>;
  linkFailure: ActionFailure | null;
  forgetLinkFailure: () => void;
  busy: boolean;
};

/** «Send me the link», with one question before; where it cannot be had a sentence says why, unless nobody may. */
export function SendLink({
  noLink,
  deviceType,
  address,
  linkMinutes,
  sendLink,
  linkFailure,
  forgetLinkFailure,
  busy,
}: SendLinkProps) {
  const t = useTranslations('activation');
  const [asking, { open, close }] = useDisclosure(false, { onOpen: forgetLinkFailure });
  if (noLink === 'switchedOff') return null;
  if (noLink) {
    return (
      <Text size="sm" c="dimmed">
        {t(`noLink.${noLink}`, { deviceType: deviceType ?? '' })}
      </Text>
    );
  }
  return (
    <>
      <Button className="flush" variant="subtle" size="compact-md" onClick={open}>
        {t('sendLink')}
      </Button>
      <Suspense>
        {asking && (
          <ConfirmDialog
            opened
            onClose={close}
            title={t('sendLinkTitle')}
            confirmLabel={t('sendLinkConfirm')}
            onConfirm={() => void sendLink()}
            busy={busy}
            failure={linkFailure}
          >
            <Text style={{ overflowWrap: 'anywhere' }}>
              {t('sendLinkText', { address: masked(address), minutes: linkMinutes })}
            </Text>
          </ConfirmDialog>
        )}
      </Suspense>
    </>
  );
}

/** `alice@example.org` as `a•••@example.org`: a screen is seen by others, too. */
const masked = (address: string): string =>
  `${[...address][0] ?? ''}•••${address.slice(address.lastIndexOf('@'))}`;
