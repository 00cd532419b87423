import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslations } from 'use-intl';
import type { ActionFailure } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import type { NoLink } from './use-activation.ts';

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
      <Button variant="subtle" size="compact-md" onClick={open}>
        {t('sendLink')}
      </Button>
      <ConfirmDialog
        opened={asking}
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
    </>
  );
}

/** `alice@example.org` as `a•••@example.org`: a screen is seen by others, too. */
const masked = (address: string): string =>
  `${[...address][0] ?? ''}•••${address.slice(address.lastIndexOf('@'))}`;
