import { useApolloClient, useQuery } from '@apollo/client/react';
import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../gql';
import type { JobRowOutcome, JobRowsQuery } from '../gql/graphql';
import { saveCsv } from '../lib/csv.ts';
import { isUnderWay, type LiveJob } from '../lib/use-job.ts';
import { DataTable } from './DataTable.tsx';
import { Section } from './Page.tsx';
import { PageProblem } from './PageProblem.tsx';
import { type PageCursor, Pager, pageArgs } from './Pager.tsx';
import { SerialNumber } from './SerialNumber.tsx';

const JobRowsDocument = graphql(`
  query JobRows($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $outcome: JobRowOutcome) {
    job(id: $id) {
      id
      rows(first: $first, after: $after, last: $last, before: $before, outcome: $outcome) {
        totalCount
        nodes {
          position
          line
          serialNumber
          outcome
          code
          message
        }
        pageInfo {
          ...PageFacts
        }
      }
    }
  }
`);

export const jobRowOutcomes = ['SKIPPED', 'FAILED', 'NOTED'] as const;
export type JobRowsPage = PageCursor & { outcome?: JobRowOutcome };

type JobRowsProps = { job: LiveJob; query: JobRowsPage; onQuery: (query: JobRowsPage) => void };

/** Rows that a job did not take as they were, with the reason; all of them also as CSV. */
export function JobRows({ job, query, onQuery }: JobRowsProps) {
  const t = useTranslations('jobs');
  const { after, before, outcome } = query;
  const { data, previousData, error, refetch } = useQuery(JobRowsDocument, {
    variables: { id: job.id, ...pageArgs({ after, before }), outcome: outcome ?? null },
    fetchPolicy: 'cache-and-network',
    // While a job runs its rows come in.
    pollInterval: isUnderWay(job.state) ? 5000 : 0,
  });
  const rows = (data ?? previousData)?.job?.rows;
  const { save, busy, isBroken } = useRowsAsCsv(job, outcome);
  if (error && !rows) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (rows && rows.totalCount === 0 && !outcome) {
    return isUnderWay(job.state) ? null : <Text c="dimmed">{t(job.dryRun ? 'noRowsDry' : 'noRows')}</Text>;
  }
  return (
    <Section
      title={t('rows')}
      action={
        <Button variant="default" onClick={() => void save()} loading={busy}>
          {t('asCsv')}
        </Button>
      }
    >
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t('outcome')}
          data={[
            { value: '', label: t('outcomes.all') },
            ...jobRowOutcomes.map((value) => ({ value, label: t(`outcomes.${value}`) })),
          ]}
          value={outcome ?? ''}
          onChange={(value) => onQuery(value ? { outcome: value as JobRowOutcome } : {})}
        />
        {isBroken && (
          <Text size="sm" c="var(--sy-stopped)" role="alert">
            {t('csvBroken')}
          </Text>
        )}
      </Group>
      {job.rowsCut && <Text size="sm">{t('rowsCut')}</Text>}
      <DataTable
        label={t('rows')}
        rows={rows?.nodes}
        rowKey={({ position }) => String(position)}
        columns={[
          { key: 'line', header: t('line'), width: 80, cell: ({ line, position }) => line ?? position },
          {
            key: 'serial',
            header: t('serial'),
            width: 170,
            cell: ({ serialNumber }) => serialNumber && <SerialNumber value={serialNumber} />,
          },
          {
            key: 'outcome',
            header: t('outcome'),
            width: 120,
            cell: (row) => t(`outcomes.${row.outcome}`),
          },
          { key: 'message', header: t('why'), cell: ({ message }) => message },
        ]}
        empty={<Text c="dimmed">{t('noRowsOfKind')}</Text>}
      />
      <Pager
        pageInfo={rows?.pageInfo}
        onPage={(cursor) => onQuery({ ...(outcome ? { outcome } : {}), ...cursor })}
      />
    </Section>
  );
}

/** Asks for all rows, page after page, and saves them as a file. */
function useRowsAsCsv(job: LiveJob, outcome: JobRowOutcome | undefined) {
  const t = useTranslations('jobs');
  const client = useApolloClient();
  const [busy, setBusy] = useState(false);
  const [isBroken, setIsBroken] = useState(false);
  const page = async (after: string | null): Promise<JobRowsQuery | undefined> => {
    const variables = { id: job.id, first: 200, after, outcome: outcome ?? null };
    return (await client.query({ query: JobRowsDocument, variables, fetchPolicy: 'no-cache' })).data;
  };
  const collect = async () => {
    const all = [[t('line'), t('serial'), t('outcome'), t('code'), t('why')]];
    let after: string | null = null;
    do {
      const rows: NonNullable<JobRowsQuery['job']>['rows'] | undefined = (await page(after))?.job?.rows;
      for (const { line, position, serialNumber, outcome: became, code, message } of rows?.nodes ?? []) {
        all.push([String(line ?? position), serialNumber ?? '', t(`outcomes.${became}`), code, message]);
      }
      after = rows?.pageInfo.hasNextPage ? (rows.pageInfo.endCursor ?? null) : null;
    } while (after);
    return all;
  };
  const save = async () => {
    setBusy(true);
    setIsBroken(false);
    try {
      saveCsv(`${job.name}.rows.csv`, await collect());
    } catch {
      setIsBroken(true);
    } finally {
      setBusy(false);
    }
  };
  return { save, busy, isBroken };
}
