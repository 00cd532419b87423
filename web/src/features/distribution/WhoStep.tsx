import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSession } from '../../lib/session.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { WizardTokensDocument } from './wizard-documents.ts';

/** Assigned tokens to choose from, found by person or serial number. */
export function WhoStep({ onChoose }: { onChoose: (serialNumber: string) => void }) {
  const t = useTranslations('distribution');
  const self = useSession().user;
  const [search, setSearch] = useState('');
  const { data } = useQuery(WizardTokensDocument, {
    variables: { search },
    fetchPolicy: 'cache-and-network',
  });
  return (
    <>
      <Text>{t('whoHint')}</Text>
      <Group>
        <SearchField label={t('whoSearch')} value={search} onChange={setSearch} />
      </Group>
      <DataTable
        label={t('steps.who')}
        rows={data?.tokens.nodes.filter(
          ({ assignedTo, managedElsewhere }) => assignedTo?.id !== self.id && !managedElsewhere,
        )}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'owner',
            header: t('owner'),
            cell: ({ assignedTo }) =>
              `${assignedTo?.givenName} ${assignedTo?.familyName} (${assignedTo?.userName})`,
          },
          {
            key: 'serial',
            header: t('serial'),
            cell: ({ serialNumber }) => <SerialNumber value={serialNumber} />,
          },
          { key: 'status', header: t('status'), cell: ({ status }) => <StatusBadge status={status} /> },
          {
            key: 'choose',
            header: t('acts'),
            cell: ({ serialNumber }) => (
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => onChoose(serialNumber)}
                aria-label={t('chooseNamed', { serial: serialNumber })}
              >
                {t('choose')}
              </Button>
            ),
          },
        ]}
        empty={
          <EmptyState title={t('noneAssigned')}>
            {t('noneAssignedHint')}{' '}
            <Anchor component={Link} to="/admin/users" underline="always">
              {t('toUsers')}
            </Anchor>
          </EmptyState>
        }
      />
    </>
  );
}
