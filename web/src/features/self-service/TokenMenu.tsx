import { ActionIcon } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { lazy, type RefObject, Suspense, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import type { MyRequest, MySettings, MyToken } from './my-documents.ts';

// Most people never open these, and menus alone weigh a tenth of the page.
const loadActs = () => import('./TokenActs.tsx');
const TokenActs = lazy(() => loadActs().then((m) => ({ default: m.TokenActs })));
const RenameToken = lazy(() => import('./RenameToken.tsx').then((m) => ({ default: m.RenameToken })));
const ReportToken = lazy(() => import('./ReportToken.tsx').then((m) => ({ default: m.ReportToken })));
const TokenHistory = lazy(() => import('./TokenHistory.tsx').then((m) => ({ default: m.TokenHistory })));

type TokenMenuProps = {
  token: MyToken;
  requests: readonly MyRequest[];
  settings: MySettings;
  onChanged: () => void;
};

/** What is done with a token less often: rename, report lost or broken, ask for a replacement, history. */
export function TokenMenu({ token, requests, settings, onChanged }: TokenMenuProps) {
  const t = useTranslations('my');
  const [wanted, setWanted] = useState(false);
  const [dialog, setDialog] = useState<'rename' | 'report' | 'history'>();
  const button = useRef<HTMLButtonElement>(null);
  const close = (changed: boolean) => {
    setDialog(undefined);
    if (changed) onChanged();
    // The menu's item that had the focus is gone.
    setTimeout(() => button.current?.focus());
  };
  const label = t('more', { serial: groupSerialNumber(token.serialNumber) });
  const closed = <MoreButton label={label} aria-haspopup="menu" onClick={() => setWanted(true)} />;
  return (
    <>
      {wanted ? (
        <Suspense fallback={closed}>
          <TokenActs
            token={token}
            requests={requests}
            settings={settings}
            button={button}
            label={label}
            onDialog={setDialog}
          />
        </Suspense>
      ) : (
        closed
      )}
      <Suspense>
        {dialog === 'rename' && <RenameToken token={token} onClose={close} />}
        {dialog === 'report' && <ReportToken token={token} settings={settings} onClose={close} />}
        {dialog === 'history' && <TokenHistory token={token} offers={settings.offers} onClose={close} />}
      </Suspense>
    </>
  );
}

type MoreButtonProps = {
  label: string;
  ref?: RefObject<HTMLButtonElement | null>;
  onClick?: () => void;
  'aria-haspopup'?: 'menu';
};

/** The three dots of a card; what they open is loaded once somebody comes near. */
export function MoreButton({ label, ...rest }: MoreButtonProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="inherit"
      size="lg"
      mt={-6}
      mr={-6}
      aria-label={label}
      onPointerEnter={() => void loadActs()}
      {...rest}
    >
      <IconDots size={20} />
    </ActionIcon>
  );
}
