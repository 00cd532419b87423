import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type RefObject, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MyRequest, MySettings, MyToken } from './my-documents.ts';
import { replaceable } from './next-step.ts';
import { MoreButton } from './TokenMenu.tsx';

type TokenActsProps = {
  token: MyToken;
  requests: readonly MyRequest[];
  settings: MySettings;
  button: RefObject<HTMLButtonElement | null>;
  label: string;
  onDialog: (dialog: 'rename' | 'report' | 'history') => void;
};

/** The menu of a token; opens as soon as it is there. */
export function TokenActs({ token, requests, settings, button, label, onDialog }: TokenActsProps) {
  const t = useTranslations('my.menu');
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    // This button took the place of the one that was pressed.
    button.current?.focus();
    const frame = requestAnimationFrame(() => setOpened(true));
    return () => cancelAnimationFrame(frame);
  }, [button]);
  const { hasLiveSeed, hasProvisionalSeed, serialNumber, status } = token;
  const reason = replaceable(token, requests, settings);
  const mayReport =
    !token.managedElsewhere &&
    (['ACTIVE', 'DISABLED'].includes(status) ||
      (status === 'PENDING' && (hasLiveSeed || hasProvisionalSeed)));
  return (
    <Menu position="bottom-end" opened={opened} onChange={setOpened} returnFocus>
      <Menu.Target>
        <MoreButton label={label} ref={button} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onDialog('rename')}>{t('rename')}</Menu.Item>
        {mayReport && <Menu.Item onClick={() => onDialog('report')}>{t('report')}</Menu.Item>}
        {reason && (
          <Menu.Item component={Link} to="/my/request" search={{ replaces: serialNumber, reason } as never}>
            {t('replace')}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => onDialog('history')}>{t('history')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
