import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { isTokenNumber } from '../../lib/token-number.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { Delivered } from './Delivered.tsx';
import {
  type Distributed,
  hasTypedCode,
  isHandedOn,
  type WizardChoices,
  type WizardProfile,
  type WizardToken,
} from './wizard-documents.ts';

type DoneStepProps = {
  token: WizardToken;
  profile: WizardProfile;
  distributed: Distributed;
  /** Of a file or string: what locks it. */
  passwordRule: WizardChoices['filePasswordRule'];
  onAnother: () => void;
};

/** What to tell the user. For a URL its code is shown here and never again; for QR there is nothing secret. */
export function DoneStep({ token, profile, distributed, passwordRule, onAnother }: DoneStepProps) {
  const t = useTranslations('distribution');
  const { activationCode, ctKipUrl, ctfUrl, link, distribution } = distributed;
  const values = {
    name: token.assignedTo?.givenName ?? '',
    serial: groupSerialNumber(token.serialNumber),
    deviceType: profile.deviceDefinition.deviceType,
    address: `${location.origin}/my`,
    download: profile.deviceDefinition.appDownloadUrl ?? '',
  };
  const isOwnFile = isHandedOn(profile);
  const told = isOwnFile
    ? profile.deliveryMethod === 'FILE'
      ? 'tellFile'
      : 'tellCtf'
    : activationCode
      ? 'tellUrl'
      : 'tellQr';
  const form = ctfUrl && isTokenNumber(ctfUrl) ? 'NUMBER' : 'LINK';
  const tell = t(told, { ...values, rule: passwordRule, form });
  return (
    <Stack gap="lg">
      <Title order={2}>{t(isOwnFile ? 'doneDelivered' : 'doneTitle', values)}</Title>
      {isOwnFile && <Delivered distributed={distributed} passwordRule={passwordRule} />}
      <CopyField label={t('tell', values)} value={tell} prose />
      {activationCode && ctKipUrl && (
        <>
          {hasTypedCode(profile) && (
            <>
              <Alert variant="outline" color="yellow">
                {t('twoWays')}
              </Alert>
              <CopyField label={t('ctKipUrl')} value={ctKipUrl} hint={t('firstWay')} />
              <CopyField label={t('activationCode')} value={activationCode} hint={t('secondWay')} />
            </>
          )}
          {link && (
            <CopyField
              label={t('link')}
              value={link}
              hint={t(hasTypedCode(profile) ? 'linkHint' : 'linkOnlyHint')}
            />
          )}
          {distribution.expiresAt && (
            <Text c="dimmed" size="sm">
              {t('expires')} <TimeText at={distribution.expiresAt} />
            </Text>
          )}
        </>
      )}
      <Group className="no-print">
        <Button component={Link} to={`/admin/tokens/${encodeURIComponent(token.serialNumber)}`}>
          {t('toToken')}
        </Button>
        <Button variant="default" onClick={() => print()}>
          {t('print')}
        </Button>
        <Button variant="subtle" onClick={onAnother}>
          {t('another')}
        </Button>
      </Group>
    </Stack>
  );
}
