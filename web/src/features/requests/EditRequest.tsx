import { useQuery } from '@apollo/client/react';
import { Button, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { DeviceBinding } from '../../gql/graphql';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { fullName, shortName } from './person-name.ts';
import { EditRequestDocument, type QueueRequest } from './request-documents.ts';

const OfferedProfilesDocument = graphql(`
  query OfferedProfiles {
    selfServiceSettings {
      offers {
        displayName
        profile {
          id
          name
        }
      }
    }
  }
`);

const bindings: DeviceBinding[] = ['CLASS', 'DEVICE', 'FIRST'];

/** Changes profile, device and nickname of a request before it is approved. */
export function EditRequest({ request, onClose }: { request: QueueRequest; onClose: () => void }) {
  const t = useTranslations('requestQueue');
  const words = useTranslations('requests.binding');
  const [profileId, setProfileId] = useState(request.profile.id);
  const [deviceBinding, setDeviceBinding] = useState(request.deviceBinding);
  const [deviceId, setDeviceId] = useState(request.deviceId ?? '');
  const [nickname, setNickname] = useState(request.nickname ?? '');
  const { run, busy, failure, fieldErrors } = useAction(EditRequestDocument);
  const offers = useQuery(OfferedProfilesDocument).data?.selfServiceSettings.offers ?? [];
  const profiles = offers.map(({ profile }) => ({ value: profile.id, label: profile.name }));
  // Its own profile may be offered no more.
  if (!profiles.some(({ value }) => value === request.profile.id)) {
    profiles.unshift({ value: request.profile.id, label: request.profile.name });
  }
  const isDevice = deviceBinding === 'DEVICE';
  const save = async () => {
    const change = { deviceBinding, deviceId: isDevice ? deviceId.trim() : null, nickname: nickname.trim() };
    if (await run({ requestId: request.id, profileId, ...change })) onClose();
  };
  return (
    <ActDialog
      busy={busy}
      opened
      onClose={onClose}
      title={t('editTitle', { name: fullName(request.requester) })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {t('editHint', { name: shortName(request.requester) })}
          </Text>
          <Select
            label={t('facts.profile')}
            data={profiles}
            value={profileId}
            onChange={(value) => value && setProfileId(value)}
            allowDeselect={false}
            error={fieldErrors['profileId']}
            data-autofocus
          />
          <Radio.Group
            label={t('facts.device')}
            value={deviceBinding}
            onChange={(value) => setDeviceBinding(value as DeviceBinding)}
            error={fieldErrors['deviceBinding']}
          >
            <Stack gap="xs" mt="xs">
              {bindings.map((binding) => (
                <Radio key={binding} value={binding} label={words(binding)} />
              ))}
            </Stack>
          </Radio.Group>
          {isDevice && (
            <TextInput
              label={t('facts.deviceId')}
              value={deviceId}
              onChange={(event) => setDeviceId(event.currentTarget.value)}
              error={fieldErrors['deviceId']}
              maxLength={128}
              required
            />
          )}
          <TextInput
            label={t('facts.nickname')}
            value={nickname}
            onChange={(event) => setNickname(event.currentTarget.value)}
            error={fieldErrors['nickname']}
            maxLength={50}
          />
          <FormError failure={failure} />
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}
