import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { TokenQuery } from '../../gql/graphql';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { TimeText } from '../../ui/TimeText.tsx';

const RevokeDistributionDocument = graphql(`
  mutation RevokeDistribution($distributionId: ID!) {
    revokeDistribution(input: { distributionId: $distributionId }) {
      ...Failure
      ... on RevokeDistributionSuccess {
        distribution {
          id
          state
        }
      }
    }
  }
`);

type DistributionsProps = {
  distributions: NonNullable<TokenQuery['token']>['distributions'];
  mayRevoke: boolean;
  onChanged: () => void;
};

/** How a token was delivered, newest first; an open one can be revoked. */
export function Distributions({ distributions, mayRevoke, onChanged }: DistributionsProps) {
  const t = useTranslations('tokens');
  const { run, busy, failure } = useAction(RevokeDistributionDocument);
  const [revoking, setRevoking] = useState<string>();
  const revoke = async () => {
    if (!revoking || !(await run({ distributionId: revoking }))) return;
    setRevoking(undefined);
    onChanged();
  };
  return (
    <Section title={t('distributions')}>
      <DataTable
        label={t('distributions')}
        rows={distributions}
        rowKey={({ id }) => id}
        columns={[
          { key: 'profile', header: t('profile'), cell: ({ profile }) => profile.name },
          {
            key: 'method',
            header: t('method'),
            cell: ({ deliveryMethod }) => t(`methods.${deliveryMethod}`),
          },
          { key: 'state', header: t('status'), cell: ({ state }) => t(`states.${state}`) },
          { key: 'created', header: t('distributed'), cell: ({ createdAt }) => <TimeText at={createdAt} /> },
          {
            key: 'expires',
            header: t('codeExpires'),
            cell: ({ expiresAt }) => (expiresAt ? <TimeText at={expiresAt} /> : ''),
          },
          {
            key: 'acts',
            header: t('acts'),
            cell: ({ id, state }) =>
              mayRevoke &&
              ['PENDING', 'ACTIVATED', 'DELIVERED'].includes(state) && (
                <Button className="flush" variant="subtle" size="compact-sm" onClick={() => setRevoking(id)}>
                  {t('revoke')}
                </Button>
              ),
          },
        ]}
        empty={<Text c="dimmed">{t('notDistributed')}</Text>}
      />
      <ConfirmDialog
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={t('revokeTitle')}
        confirmLabel={t('revoke')}
        onConfirm={() => void revoke()}
        danger
        busy={busy}
        failure={failure}
      >
        {t('revokeEffect')}
      </ConfirmDialog>
    </Section>
  );
}
