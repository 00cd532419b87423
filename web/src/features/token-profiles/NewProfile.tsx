import { useQuery } from '@apollo/client/react';
import {
  Badge,
  Button,
  Grid,
  Group,
  NumberInput,
  Radio,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { DeliveryMethod, HashAlgorithm, TokenAlgorithm } from '../../gql/graphql';
import { useAction } from '../../lib/use-action.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { PhoneHindrance, reachesPhoneByUrl } from '../../ui/PhoneHindrance.tsx';
import { CreateTokenProfileDocument, type DeviceType, DeviceTypesDocument } from './profile-documents.ts';
import { ProfilePreview } from './ProfilePreview.tsx';
import { SeedTravels, seedTravelsBy } from './SeedTravels.tsx';
import { TokenSettings, usualSettings } from './TokenSettings.tsx';

/** In the order in which they are recommended. */
const methods = ['CT_KIP_QR', 'CT_KIP_URL', 'OTPAUTH_QR', 'FILE', 'CTF'] as const satisfies DeliveryMethod[];

/** The editor of a new profile: the device type decides the rest, and what is missing says why. */
export function NewProfile() {
  const t = useTranslations('tokenProfiles');
  const { data, error, refetch } = useQuery(DeviceTypesDocument);
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  return (
    <Page title={t('add')} subtitle={t('addHint')}>
      <Editor deviceTypes={data.deviceDefinitions.nodes} />
    </Page>
  );
}

function Editor({ deviceTypes }: { deviceTypes: readonly DeviceType[] }) {
  const t = useTranslations('tokenProfiles');
  const navigate = useNavigate();
  const { run, busy, failure, fieldErrors } = useAction(CreateTokenProfileDocument);
  const form = useForm({
    initialValues: {
      deviceTypeId: '',
      name: '',
      deliveryMethod: '' as '' | (typeof methods)[number],
      algorithm: 'SECURID' as TokenAlgorithm,
      tokencodeLength: 8,
      tokencodeInterval: 60,
      hashAlgorithm: 'SHA1' as HashAlgorithm,
      minutes: 1440 as number | string,
      acceptSilentDevices: false,
    },
  });
  const { values } = form;
  const deviceType = deviceTypes.find(({ id }) => id === values.deviceTypeId);
  const canDo = (method: DeliveryMethod) => deviceType?.deliveryMethods.includes(method) ?? false;
  const whoCan = (method: DeliveryMethod) =>
    deviceTypes.filter((other) => other.deliveryMethods.includes(method)).map((other) => other.deviceType);

  const choose = (id: string | null) => {
    const chosen = deviceTypes.find((other) => other.id === id);
    if (!chosen) return;
    const method = methods.find((each) => chosen.deliveryMethods.includes(each));
    form.setValues({
      deviceTypeId: chosen.id,
      deliveryMethod: method ?? '',
      ...(method && usualSettings(chosen, method)),
    });
  };
  const deliverBy = (method: string) => {
    const deliveryMethod = method as (typeof methods)[number];
    form.setValues({ deliveryMethod, ...(deviceType && usualSettings(deviceType, deliveryMethod)) });
  };
  const submit = form.onSubmit(async ({ deviceTypeId, deliveryMethod, minutes, ...rest }) => {
    if (!deliveryMethod) return;
    const isUrl = deliveryMethod === 'CT_KIP_URL';
    const made = await run({
      input: {
        name: rest.name,
        deviceDefinitionId: deviceTypeId,
        deliveryMethod,
        algorithm: rest.algorithm,
        tokencodeLength: rest.tokencodeLength,
        tokencodeInterval: rest.tokencodeInterval,
        hashAlgorithm: rest.algorithm === 'TOTP' ? rest.hashAlgorithm : null,
        acceptSilentDevices: rest.acceptSilentDevices,
        activationCodeMinutes: isUrl ? Number(minutes) : null,
      },
    });
    if (made) await navigate({ to: `/admin/profiles/${made.tokenProfile.id}` });
  });
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <form onSubmit={submit}>
          <Stack gap="lg">
            <FormError failure={failure} />
            <Select
              label={t('deviceType')}
              description={t('deviceTypeHint')}
              data={deviceTypes.map(({ id, deviceType: label }) => ({ value: id, label }))}
              value={values.deviceTypeId || null}
              onChange={choose}
              searchable
              required
              allowDeselect={false}
            />
            {deviceType && (
              <>
                <TextInput
                  label={t('name')}
                  description={t('nameHint')}
                  required
                  maxLength={100}
                  {...form.getInputProps('name')}
                  error={fieldErrors['name']}
                />
                <Radio.Group label={t('method')} required value={values.deliveryMethod} onChange={deliverBy}>
                  <Stack gap="sm" mt="xs">
                    {methods.map((method) => (
                      <Radio
                        key={method}
                        value={method}
                        disabled={!canDo(method)}
                        label={
                          <Group gap="xs">
                            {t(`methods.${method}`)}
                            {method === 'CT_KIP_QR' && canDo(method) && (
                              <Badge variant="outline" color="ink.8" c="inherit" tt="none">
                                {t('highSecurity')}
                              </Badge>
                            )}
                          </Group>
                        }
                        description={
                          canDo(method)
                            ? t(`methodHints.${method}`)
                            : t(
                                canDo('OTPAUTH_QR') && !seedTravelsBy(method)
                                  ? 'onlyOtpauth'
                                  : `cannot.${method}`,
                                {
                                  deviceType: deviceType.deviceType,
                                  others: whoCan(method).slice(0, 3).join(', ') || t('noOther'),
                                },
                              )
                        }
                      />
                    ))}
                  </Stack>
                </Radio.Group>
                {reachesPhoneByUrl(values.deliveryMethod) && <PhoneHindrance />}
                {seedTravelsBy(values.deliveryMethod) && <SeedTravels method={values.deliveryMethod} />}
                {values.deliveryMethod && (
                  <TokenSettings
                    deviceType={deviceType}
                    deliveryMethod={values.deliveryMethod}
                    values={values}
                    onChange={form.setValues}
                  />
                )}
                {values.deliveryMethod === 'CT_KIP_URL' && (
                  <NumberInput
                    label={t('minutes')}
                    description={t('minutesHint')}
                    min={5}
                    max={10080}
                    required
                    {...form.getInputProps('minutes')}
                    error={fieldErrors['activationCodeMinutes']}
                  />
                )}
                {reachesPhoneByUrl(values.deliveryMethod) && (
                  <Switch
                    label={t('acceptSilent')}
                    description={t(deviceType.tellsDeviceId ? 'acceptSilentTells' : 'acceptSilentSilent', {
                      deviceType: deviceType.deviceType,
                    })}
                    {...form.getInputProps('acceptSilentDevices', { type: 'checkbox' })}
                  />
                )}
                <Group>
                  <Button type="submit" loading={busy}>
                    {t('create')}
                  </Button>
                  <Text c="dimmed" size="sm">
                    {t('fixed')}
                  </Text>
                </Group>
              </>
            )}
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        {deviceType && values.deliveryMethod && (
          <ProfilePreview
            deviceType={deviceType.deviceType}
            deliveryMethod={values.deliveryMethod}
            length={values.tokencodeLength}
            interval={values.tokencodeInterval}
            minutes={Number(values.minutes)}
          />
        )}
      </Grid.Col>
    </Grid>
  );
}
