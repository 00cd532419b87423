import { Alert, Anchor, Badge, Button, Group, Radio, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import type { WizardProfile, WizardToken } from './wizard-documents.ts';

type ProfileStepProps = {
  token: WizardToken | undefined;
  isKnown: boolean;
  profiles: readonly WizardProfile[] | undefined;
  chosen: string | undefined;
  onBack: () => void;
  onChoose: (id: string) => void;
};

/** Profiles that fit the token, as cards. */
export function ProfileStep({ token, isKnown, profiles, chosen, onBack, onChoose }: ProfileStepProps) {
  const t = useTranslations('distribution');
  const fitting =
    profiles?.filter(({ retiredAt, algorithm }) => !retiredAt && algorithm === token?.algorithm) ?? [];
  const [selected, setSelected] = useState(chosen ?? '');
  if (isKnown && (!token?.assignedTo || !token.enabled || token.managedElsewhere)) {
    return (
      <Alert variant="outline" color="yellow">
        {t(hindranceOf(token))}{' '}
        {token && (
          <Anchor component={Link} to={`/admin/tokens/${encodeURIComponent(token.serialNumber)}`}>
            {groupSerialNumber(token.serialNumber)}
          </Anchor>
        )}
      </Alert>
    );
  }
  if (token && profiles && fitting.length === 0) {
    return (
      <EmptyState
        title={t('noProfile')}
        action={
          <Button component={Link} to="/admin/profiles/new">
            {t('addProfile')}
          </Button>
        }
      >
        {t('noProfileHint')}
      </EmptyState>
    );
  }
  const isFitting = fitting.some(({ id }) => id === selected);
  return (
    <Stack>
      {token && <Recipient token={token} />}
      <Radio.Group value={selected} onChange={setSelected} label={t('steps.profile')}>
        <Stack gap="sm">
          {fitting.map((profile) => (
            <Radio.Card key={profile.id} value={profile.id} p="md" radius="md">
              <Group wrap="nowrap" align="flex-start">
                <Radio.Indicator />
                <div style={{ minWidth: 0 }}>
                  <Group gap="xs" mb={4}>
                    <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                      {profile.name}
                    </Text>
                    {profile.deliveryMethod === 'CT_KIP_QR' && (
                      <Badge variant="outline" c="inherit" tt="none">
                        {t('highSecurity')}
                      </Badge>
                    )}
                  </Group>
                  <Text size="sm" c="dimmed">
                    {profile.deviceDefinition.deviceType} · {t(`methods.${profile.deliveryMethod}`)} ·{' '}
                    {t('tokencodeOf', {
                      digits: profile.tokencodeLength,
                      seconds: profile.tokencodeInterval,
                    })}
                  </Text>
                </div>
              </Group>
            </Radio.Card>
          ))}
        </Stack>
      </Radio.Group>
      <Group>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
        <Button disabled={!isFitting} onClick={() => onChoose(selected)}>
          {t('next')}
        </Button>
      </Group>
    </Stack>
  );
}

/** For whom, and which token. */
export function Recipient({ token }: { token: WizardToken }) {
  const t = useTranslations('distribution');
  const owner = token.assignedTo;
  return (
    <Text>
      {t('recipient', {
        name: `${owner?.givenName} ${owner?.familyName}`,
        serial: groupSerialNumber(token.serialNumber),
      })}
    </Text>
  );
}

/** Why this token is not distributed. */
function hindranceOf(token: WizardToken | undefined) {
  if (!token) return 'unknownToken';
  if (token.managedElsewhere) return 'managedElsewhere';
  return token.enabled ? 'notAssigned' : 'tokenDisabled';
}
