import { useQuery } from '@apollo/client/react';
import { Anchor, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { ImportDefinition } from './ImportDefinition.tsx';

const DefinitionsDocument = graphql(`
  query DeviceDefinitions {
    deviceDefinitions(first: 200) {
      nodes {
        id
        deviceType
        deliveryMethods
        tokencodeLengths
        tokencodeIntervals
        shipped
      }
    }
  }
`);

/** What apps can do, one row for each app and platform. */
export function DefinitionList() {
  const t = useTranslations('deviceDefinitions');
  const mayManage = useMay('PROFILES_MANAGE');
  const [importing, setImporting] = useState(false);
  const { data, error, refetch } = useQuery(DefinitionsDocument, { fetchPolicy: 'cache-and-network' });
  const add = mayManage && <Button onClick={() => setImporting(true)}>{t('import')}</Button>;
  return (
    <Page title={t('title')} subtitle={t('intro')} actions={add}>
      {error && !data ? (
        <PageProblem error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={t('title')}
          rows={data?.deviceDefinitions.nodes}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'type',
              header: t('deviceType'),
              cell: ({ id, deviceType }) => (
                <Anchor component={Link} to={`/admin/device-definitions/${id}`}>
                  {deviceType}
                </Anchor>
              ),
            },
            {
              key: 'methods',
              header: t('methods'),
              cell: ({ deliveryMethods }) =>
                deliveryMethods.map((method) => t(`method.${method}`)).join(', '),
            },
            {
              key: 'lengths',
              header: t('lengths'),
              cell: ({ tokencodeLengths }) => tokencodeLengths.join(', '),
            },
            {
              key: 'intervals',
              header: t('intervals'),
              cell: ({ tokencodeIntervals }) => tokencodeIntervals.join(', '),
            },
            {
              key: 'origin',
              header: t('origin'),
              cell: ({ shipped }) => t(shipped ? 'shipped' : 'imported'),
            },
          ]}
          empty={
            <EmptyState title={t('none')} action={add}>
              {t('noneHint')}
            </EmptyState>
          }
        />
      )}
      {importing && (
        <ImportDefinition
          onClose={(changed) => {
            setImporting(false);
            if (changed) void refetch();
          }}
        />
      )}
    </Page>
  );
}
