import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Group, Progress, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { isUnderWay, type LiveJob } from '../../lib/use-job.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { rowsThrough } from '../../ui/JobProgress.tsx';
import { JobState } from '../../ui/JobState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { type PageCursor, Pager, pageArgs } from '../../ui/Pager.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useJobTitle } from './use-job-title.ts';

const JobsDocument = graphql(`
  query Jobs($first: Int, $after: String, $last: Int, $before: String) {
    jobs(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        ...JobFacts
      }
      pageInfo {
        ...PageFacts
      }
    }
  }
`);

/** While a job of the page goes on, the list is asked for this often. */
const POLL_MS = 3000;

/** All jobs, newest first: how far each is, who asked for it, and when. */
export function JobList({ query, onQuery }: { query: PageCursor; onQuery: (query: PageCursor) => void }) {
  const t = useTranslations('jobs');
  const mayImport = useMay('TOKENS_MANAGE');
  const titleOf = useJobTitle();
  const { data, error, refetch, startPolling, stopPolling } = useQuery(JobsDocument, {
    variables: pageArgs(query),
    fetchPolicy: 'cache-and-network',
  });
  const jobs = data?.jobs.nodes;
  const isLive = jobs?.some(({ state }) => isUnderWay(state)) ?? false;
  useEffect(() => {
    if (isLive) startPolling(POLL_MS);
    else stopPolling();
    return stopPolling;
  }, [isLive, startPolling, stopPolling]);
  const importLink = mayImport && (
    <Button component={Link} to="/admin/tokens/import">
      {t('import')}
    </Button>
  );
  return (
    <Page title={t('title')} subtitle={t('intro')} actions={importLink}>
      {error && !jobs ? (
        <PageProblem error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={t('title')}
          rows={jobs}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'name',
              header: t('name'),
              cell: (job) => (
                <Anchor component={Link} to={`/admin/jobs/${encodeURIComponent(job.id)}`}>
                  {titleOf(job)}
                </Anchor>
              ),
            },
            { key: 'state', header: t('stateOf'), cell: (job) => <StateOfJob job={job} /> },
            { key: 'who', header: t('who'), cell: ({ createdBy }) => createdBy?.userName ?? t('system') },
            { key: 'when', header: t('made'), cell: ({ createdAt }) => <TimeText at={createdAt} /> },
          ]}
          empty={
            <EmptyState title={t('none')} action={importLink}>
              {t('noneHint')}
            </EmptyState>
          }
        />
      )}
      <Pager pageInfo={data?.jobs.pageInfo} onPage={onQuery} />
    </Page>
  );
}

function StateOfJob({ job }: { job: LiveJob }) {
  const t = useTranslations('jobs');
  const format = useFormatter();
  const through = rowsThrough(job);
  const percent = job.total ? Math.min(100, Math.floor((through / job.total) * 100)) : 0;
  return (
    <Group gap="xs">
      <JobState job={job} />
      {job.state === 'RUNNING' && job.total !== null && (
        <>
          <Progress value={percent} w={80} aria-hidden="true" />
          <Text span size="sm" c="dimmed">
            {format.number(percent / 100, { style: 'percent' })}
          </Text>
        </>
      )}
      {job.state === 'SUCCEEDED' && !job.dryRun && (
        <Text span size="sm" c="dimmed">
          {t('rowsTaken', { count: job.done })}
        </Text>
      )}
    </Group>
  );
}
