import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { isUnderWay, type LiveJob, useJob } from '../../lib/use-job.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { JobCounts } from '../../ui/JobCounts.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { JobRows, type JobRowsPage } from '../../ui/JobRows.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useJobTitle } from './use-job-title.ts';

const CancelJobDocument = graphql(`
  mutation CancelJob($jobId: ID!) {
    cancelJob(input: { jobId: $jobId }) {
      ...Failure
      ... on CancelJobSuccess {
        job {
          ...JobFacts
        }
      }
    }
  }
`);
const RetryJobDocument = graphql(`
  mutation RetryJob($jobId: ID!) {
    retryJob(input: { jobId: $jobId }) {
      ...Failure
      ... on RetryJobSuccess {
        job {
          ...JobFacts
        }
      }
    }
  }
`);

type JobPageProps = { jobId: string; query: JobRowsPage; onQuery: (query: JobRowsPage) => void };

/** One job, live: how far it is, what became of its rows, and which it left out and why. */
export function JobPage({ jobId, query, onQuery }: JobPageProps) {
  const t = useTranslations('jobs');
  const titleOf = useJobTitle();
  const mayAct = useMay('TOKENS_MANAGE');
  const { job, failure, refresh } = useJob(jobId);
  const retry = useAction(RetryJobDocument);
  if (failure) return <FormError failure={failure} />;
  if (job === undefined) return <DelayedSkeleton />;
  if (job === null) return <NotFound />;
  const again = async () => {
    await retry.run({ jobId });
    refresh();
  };
  return (
    <Page
      title={titleOf(job)}
      subtitle={job.dryRun && t('dryRunHint')}
      actions={
        mayAct && (
          <>
            {isUnderWay(job.state) && !job.isCancelling && <CancelJob job={job} onDone={refresh} />}
            {job.isRetryable && (
              <Button onClick={() => void again()} loading={retry.busy}>
                {t('retry')}
              </Button>
            )}
            {job.state === 'FAILED' && !job.isRetryable && job.kind === 'IMPORT_TOKENS' && (
              <Button component={Link} to="/admin/tokens/import">
                {t('importAgain')}
              </Button>
            )}
          </>
        )
      }
    >
      <FormError failure={retry.failure} />
      <JobProgress job={job} />
      <Facts
        items={[
          { label: t('who'), value: job.createdBy?.userName ?? t('system') },
          { label: t('made'), value: <TimeText at={job.createdAt} /> },
          { label: t('started'), value: job.startedAt && <TimeText at={job.startedAt} /> },
          { label: t('finished'), value: job.finishedAt && <TimeText at={job.finishedAt} /> },
        ]}
      />
      {job.startedAt && (
        <Section title={t('countsTitle')}>
          <JobCounts job={job} />
        </Section>
      )}
      <JobRows key={job.finishedAt ?? ''} job={job} query={query} onQuery={onQuery} />
    </Page>
  );
}

/** Asks before a job is ended. */
function CancelJob({ job, onDone }: { job: LiveJob; onDone: () => void }) {
  const t = useTranslations('jobs');
  const [isAsked, setIsAsked] = useState(false);
  const { run, busy, failure } = useAction(CancelJobDocument);
  const cancel = async () => {
    if (!(await run({ jobId: job.id }))) return;
    setIsAsked(false);
    onDone();
  };
  return (
    <>
      <Button variant="default" onClick={() => setIsAsked(true)}>
        {t('cancel')}
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={() => setIsAsked(false)}
        title={t('cancelNamed', { name: job.name })}
        confirmLabel={t('cancel')}
        cancelLabel={t('keep')}
        onConfirm={() => void cancel()}
        danger
        busy={busy}
        failure={failure}
      >
        {t(job.dryRun ? 'cancelEffectDry' : 'cancelEffect')}
      </ConfirmDialog>
    </>
  );
}
