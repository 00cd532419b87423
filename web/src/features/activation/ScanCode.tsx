import { Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { CopyField } from '../../ui/CopyField.tsx';
import { ScanLayout } from './ScanLayout.tsx';
import { SpelledCode } from './SpelledCode.tsx';
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

/** The QR code of an app that speaks CT-KIP, and the code to type. */
export function ScanCode({ activation, link, ctKipUrl, app, onNewCode, mailLink }: ScanCodeProps) {
  const t = useTranslations('activation');
  const status = usePhoneStatus(activation);
  const code = new URLSearchParams(link.split('?')[1]).get('activationCode') ?? '';
  const getIt = app?.appDownloadUrl && (
    <Anchor href={app.appDownloadUrl} target="_blank" rel="noreferrer" underline="always">
      {t('getIt')}
    </Anchor>
  );
  const fields = (
    <>
      <CopyField label={t('ctKipUrl')} value={ctKipUrl} />
      <CopyField label={t('activationCode')} value={code} shown={<SpelledCode value={code} />} />
    </>
  );
  return (
    <ScanLayout
      activation={activation}
      link={link}
      onNewCode={onNewCode}
      steps={[
        <>
          {t('installApp', { deviceType: app?.deviceType ?? '' })} {getIt}
        </>,
        t('scanIt'),
        t('typeIt'),
      ]}
      status={
        <Text
          fw={status === 'waiting' ? 400 : 600}
          c={status === 'phoneSilent' ? 'var(--sy-waiting)' : undefined}
          aria-live="polite"
        >
          {t(status)}
        </Text>
      }
      typing={code ? { button: t('showCode'), fields } : null}
      otherWays={mailLink}
    />
  );
}
