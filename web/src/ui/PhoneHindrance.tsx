import { useQuery } from '@apollo/client/react';
import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { graphql } from '../gql';
import type { DeliveryMethod, PhoneHindranceQuery } from '../gql/graphql';
import { useMay } from '../lib/session.ts';
import { useFindingText } from '../lib/use-finding-text.ts';

const PhoneHindranceDocument = graphql(`
  query PhoneHindrance {
    installation {
      publicUrl
    }
    phoneHindrance {
      ...AddressFinding
    }
  }
`);

/** Whether a phone that gets its token so has to reach the public address. */
export const reachesPhoneByUrl = (method: DeliveryMethod | ''): boolean =>
  method === 'CT_KIP_QR' || method === 'CT_KIP_URL';

/** Says why phones will not reach the public address, and what to do; nothing while no reason is known. */
export function PhoneHindrance() {
  const t = useTranslations('addresses');
  const words = useFindingText();
  const mayLook = useMay('SETTINGS_READ');
  const mayAsk = useMay('PROFILES_READ');
  const data = useQuery(PhoneHindranceDocument, { skip: !mayAsk, fetchPolicy: 'cache-and-network' }).data as
    | PhoneHindranceQuery
    | undefined;
  if (!data?.phoneHindrance) return null;
  const { text, todo } = words(data.phoneHindrance);
  return (
    <Alert
      variant="outline"
      color="yellow"
      title={t('cannotReach', { url: data.installation.publicUrl })}
      style={{ overflowWrap: 'anywhere' }}
    >
      <Stack gap={4}>
        <Text size="sm">
          {text} {todo}
        </Text>
        {data.phoneHindrance.code === 'reach.loopback' && <Text size="sm">{t('withoutPhone')}</Text>}
        {mayLook && (
          <Anchor component={Link} to="/admin/setup/addresses" size="sm" underline="always">
            {t('look')}
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}
