import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { CopyField } from '../../ui/CopyField.tsx';
import { ScanLayout } from './ScanLayout.tsx';
import { SpelledCode } from './SpelledCode.tsx';
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

/** The QR code of an authenticator app, and the same to type. */
export function ScanOtpauth({ activation, link, onNewCode }: ScanOtpauthProps) {
  const t = useTranslations('activation');
  const { secret, account, ...settings } = partsOf(link);
  const fields = (
    <>
      <CopyField label={t('account')} value={account} />
      <CopyField label={t('secret')} value={secret} shown={<SpelledCode value={secret} />} />
      <Text size="sm">{t('secretSettings', settings)}</Text>
    </>
  );
  return (
    <ScanLayout
      activation={activation}
      link={link}
      onNewCode={onNewCode}
      steps={[t('otpauthApp'), t('otpauthScan'), t('otpauthType')]}
      status={
        <Text size="sm" c="dimmed">
          {t('otpauthPrivate')}
        </Text>
      }
      typing={{ button: t('showSecret'), fields }}
    />
  );
}
