import { useQuery } from '@apollo/client/react';
import { Alert, Anchor, Button, Group, Menu, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { TokenProfileQuery } from '../../gql/graphql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { PhoneHindrance, reachesPhoneByUrl } from '../../ui/PhoneHindrance.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { ProfilePreview } from './ProfilePreview.tsx';
import { SeedTravels, seedTravelsBy } from './SeedTravels.tsx';
import {
  DeleteTokenProfileDocument,
  RestoreTokenProfileDocument,
  RetireTokenProfileDocument,
  UpdateTokenProfileDocument,
} from './profile-documents.ts';

const TokenProfileDocument = graphql(`
  query TokenProfile($id: ID!) {
    tokenProfile(id: $id) {
      id
      name
      deliveryMethod
      algorithm
      hashAlgorithm
      tokencodeLength
      tokencodeInterval
      seedConfirmation
      activationCodeMinutes
      acceptSilentDevices
      retiredAt
      unused
      createdAt
      deviceDefinition {
        id
        deviceType
      }
    }
  }
`);

type Profile = NonNullable<TokenProfileQuery['tokenProfile']>;
type Dialog = 'edit' | 'retire' | 'restore' | 'delete';

/** One profile: its settings, what users see, and what can still be changed. */
export function ProfilePage({ profileId }: { profileId: string }) {
  const t = useTranslations('tokenProfiles');
  const mayManage = useMay('PROFILES_MANAGE');
  const mayDistribute = useMay('TOKENS_DISTRIBUTE');
  const [dialog, setDialog] = useState<Dialog>();
  const { data, error, refetch } = useQuery(TokenProfileDocument, {
    variables: { id: profileId },
    fetchPolicy: 'cache-and-network',
  });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const profile = data.tokenProfile;
  if (!profile) return <NotFound />;
  const close = (changed: boolean) => {
    setDialog(undefined);
    if (changed) void refetch();
  };
  const { deliveryMethod } = profile;
  return (
    <Page
      title={profile.name}
      subtitle={profile.retiredAt ? t('retired') : t('inUse')}
      actions={
        <>
          {mayDistribute && !profile.retiredAt && (
            <Button component={Link} to="/admin/distribute" search={{ profile: profile.id } as never}>
              {t('distribute')}
            </Button>
          )}
          {mayManage && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default">{t('more')}</Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => setDialog('edit')}>{t('edit')}</Menu.Item>
                <Menu.Item onClick={() => setDialog(profile.retiredAt ? 'restore' : 'retire')}>
                  {t(profile.retiredAt ? 'restore' : 'retire')}
                </Menu.Item>
                {profile.unused && <Menu.Item onClick={() => setDialog('delete')}>{t('delete')}</Menu.Item>}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      {profile.retiredAt && (
        <Alert variant="outline" color="gray">
          {t('retiredHint')}
        </Alert>
      )}
      {!profile.retiredAt && reachesPhoneByUrl(profile.deliveryMethod) && <PhoneHindrance />}
      {!profile.retiredAt && seedTravelsBy(deliveryMethod) && <SeedTravels method={deliveryMethod} />}
      <Facts
        items={[
          {
            label: t('deviceType'),
            value: (
              <Anchor component={Link} to={`/admin/device-definitions/${profile.deviceDefinition.id}`}>
                {profile.deviceDefinition.deviceType}
              </Anchor>
            ),
          },
          { label: t('method'), value: t(`methods.${profile.deliveryMethod}`) },
          {
            label: t('tokencode'),
            value: t('tokencodeOf', { digits: profile.tokencodeLength, seconds: profile.tokencodeInterval }),
          },
          {
            label: t('algorithm'),
            value: [
              t(`algorithms.${profile.algorithm}`),
              profile.hashAlgorithm && t(`hashAlgorithms.${profile.hashAlgorithm}`),
            ]
              .filter(Boolean)
              .join(', '),
          },
          {
            label: t('minutes'),
            value: profile.activationCodeMinutes && t('minutesOf', { count: profile.activationCodeMinutes }),
          },
          { label: t('confirmation'), value: t(`confirmations.${profile.seedConfirmation}`) },
          {
            label: t('acceptSilent'),
            value: reachesPhoneByUrl(deliveryMethod) && t(profile.acceptSilentDevices ? 'yes' : 'no'),
          },
          { label: t('created'), value: <TimeText at={profile.createdAt} /> },
        ]}
      />
      <div style={{ maxWidth: 420 }}>
        <ProfilePreview
          deviceType={profile.deviceDefinition.deviceType}
          deliveryMethod={deliveryMethod}
          length={profile.tokencodeLength}
          interval={profile.tokencodeInterval}
          minutes={profile.activationCodeMinutes ?? 0}
        />
      </div>
      {dialog === 'edit' && <EditProfile profile={profile} onClose={close} />}
      {dialog && dialog !== 'edit' && <ConfirmProfileAct act={dialog} profile={profile} onClose={close} />}
    </Page>
  );
}

function EditProfile({ profile, onClose }: { profile: Profile; onClose: (changed: boolean) => void }) {
  const t = useTranslations('tokenProfiles');
  const { run, busy, failure, fieldErrors } = useAction(UpdateTokenProfileDocument);
  const isUrl = profile.deliveryMethod === 'CT_KIP_URL';
  const form = useForm({
    initialValues: {
      name: profile.name,
      minutes: (profile.activationCodeMinutes ?? 1440) as number | string,
      acceptSilentDevices: profile.acceptSilentDevices,
    },
  });
  const submit = form.onSubmit(async ({ name, minutes, acceptSilentDevices }) => {
    const changed = await run({
      input: {
        profileId: profile.id,
        name,
        acceptSilentDevices,
        ...(isUrl ? { activationCodeMinutes: Number(minutes) } : {}),
      },
    });
    if (changed) onClose(true);
  });
  return (
    <ActDialog
      busy={busy}
      opened
      onClose={() => onClose(false)}
      title={t('editNamed', { name: profile.name })}
    >
      <form onSubmit={submit}>
        <Stack>
          <FormError failure={failure} />
          <TextInput label={t('name')} required {...form.getInputProps('name')} error={fieldErrors['name']} />
          {isUrl && (
            <NumberInput
              label={t('minutes')}
              description={t('minutesHint')}
              min={5}
              max={10080}
              {...form.getInputProps('minutes')}
              error={fieldErrors['activationCodeMinutes']}
            />
          )}
          {reachesPhoneByUrl(profile.deliveryMethod) && (
            <Switch
              label={t('acceptSilent')}
              {...form.getInputProps('acceptSilentDevices', { type: 'checkbox' })}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
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

type ConfirmProps = { act: Exclude<Dialog, 'edit'>; profile: Profile; onClose: (changed: boolean) => void };

function ConfirmProfileAct({ act, profile, onClose }: ConfirmProps) {
  const t = useTranslations('tokenProfiles');
  const navigate = useNavigate();
  const actions = {
    retire: useAction(RetireTokenProfileDocument),
    restore: useAction(RestoreTokenProfileDocument),
    delete: useAction(DeleteTokenProfileDocument),
  };
  const { run, busy, failure } = actions[act];
  const confirm = async () => {
    if (!(await run({ profileId: profile.id }))) return;
    if (act === 'delete') await navigate({ to: '/admin/profiles' });
    else onClose(true);
  };
  return (
    <ConfirmDialog
      opened
      onClose={() => onClose(false)}
      title={t(`${act}Named`, { name: profile.name })}
      confirmLabel={t(act)}
      onConfirm={() => void confirm()}
      danger={act === 'delete'}
      busy={busy}
      failure={failure}
    >
      {t(`${act}Effect`)}
    </ConfirmDialog>
  );
}
