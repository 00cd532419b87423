import { useQuery } from '@apollo/client/react';
import { Anchor, Badge, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';

const ProfilesDocument = graphql(`
  query TokenProfiles {
    tokenProfiles(first: 200) {
      nodes {
        id
        name
        deliveryMethod
        tokencodeLength
        tokencodeInterval
        retiredAt
        deviceDefinition {
          id
          deviceType
        }
      }
    }
  }
`);

/** Token profiles, retired ones too. */
export function ProfileList() {
  const t = useTranslations('tokenProfiles');
  const mayManage = useMay('PROFILES_MANAGE');
  const { data, error, refetch } = useQuery(ProfilesDocument, { fetchPolicy: 'cache-and-network' });
  const add = mayManage && (
    <Button component={Link} to="/admin/profiles/new">
      {t('add')}
    </Button>
  );
  return (
    <Page title={t('title')} subtitle={t('intro')} actions={add}>
      {error && !data ? (
        <PageProblem error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={t('title')}
          rows={data?.tokenProfiles.nodes}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'name',
              header: t('name'),
              cell: ({ id, name }) => (
                <Anchor component={Link} to={`/admin/profiles/${id}`}>
                  {name}
                </Anchor>
              ),
            },
            {
              key: 'device',
              header: t('deviceType'),
              cell: ({ deviceDefinition }) => deviceDefinition.deviceType,
            },
            {
              key: 'method',
              header: t('method'),
              cell: ({ deliveryMethod }) => t(`methods.${deliveryMethod}`),
            },
            {
              key: 'tokencode',
              header: t('tokencode'),
              cell: (profile) =>
                t('tokencodeOf', { digits: profile.tokencodeLength, seconds: profile.tokencodeInterval }),
            },
            {
              key: 'retired',
              header: t('state'),
              cell: ({ retiredAt }) =>
                retiredAt ? (
                  <Badge variant="outline" color="gray" c="dimmed">
                    {t('retired')}
                  </Badge>
                ) : (
                  t('inUse')
                ),
            },
          ]}
          empty={
            <EmptyState title={t('none')} action={add}>
              {t('noneHint')}
            </EmptyState>
          }
        />
      )}
    </Page>
  );
}
