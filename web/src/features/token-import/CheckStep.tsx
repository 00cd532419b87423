import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { isUnderWay, type LiveJob, useJob } from '../../lib/use-job.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { JobCounts } from '../../ui/JobCounts.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { JobRows, type JobRowsPage } from '../../ui/JobRows.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Section } from '../../ui/Page.tsx';
import type { ImportQuery } from './import-query.ts';

type CheckStepProps = {
  query: ImportQuery;
  onBack: () => void;
  onAnotherFile: () => void;
  /** @param skipBad wrong rows are left out, whatever was chosen before */
  onImport: (skipBad: boolean) => void;
  busy: boolean;
  children: ReactNode;
};

/** What the import would do, by a dry run; then the import itself. */
export function CheckStep({ query, onBack, onAnotherFile, onImport, busy, children }: CheckStepProps) {
  const t = useTranslations('tokenImport');
  const [rowsQuery, setRowsQuery] = useState<JobRowsPage>({});
  const { job, failure } = useJob(query.job);
  if (failure) return <FormError failure={failure} />;
  if (job === undefined) return <DelayedSkeleton />;
  if (job === null) return <NotFound />;
  const isRefused = job.failed > 0 && !query.skipBad;
  return (
    <Stack gap="lg">
      <JobProgress job={job} />
      {!isUnderWay(job.state) && (
        <>
          {job.state === 'SUCCEEDED' && (
            <Section title={t('wouldBecome')}>
              <JobCounts job={job} />
            </Section>
          )}
          <Hints job={job} query={query} />
          {children}
          <Group>
            <Button variant="default" onClick={onBack}>
              {t('back')}
            </Button>
            {job.state === 'SUCCEEDED' && job.done > 0 && (
              <Button
                color={countOf(job, 'overwritten') > 0 ? 'red.9' : undefined}
                loading={busy}
                onClick={() => onImport(isRefused || query.skipBad === true)}
              >
                {t(isRefused ? 'importWithout' : 'importCount', { count: job.done, wrong: job.failed })}
              </Button>
            )}
            {(job.state !== 'SUCCEEDED' || job.done === 0) && (
              <Button onClick={onAnotherFile}>{t('anotherFile')}</Button>
            )}
          </Group>
          <JobRows job={job} query={rowsQuery} onQuery={setRowsQuery} />
        </>
      )}
    </Stack>
  );
}

const countOf = ({ counts }: LiveJob, wanted: string): number =>
  counts.find(({ name }) => name === wanted)?.number ?? 0;

/** What is worth knowing before the button is pressed. */
function Hints({ job, query }: { job: LiveJob; query: ImportQuery }) {
  const t = useTranslations('tokenImport');
  if (job.state !== 'SUCCEEDED') return null;
  const overwritten = countOf(job, 'overwritten');
  const otherSeed = countOf(job, 'otherSeed');
  return (
    <Stack gap="sm">
      {job.done === 0 && <Text fw={500}>{t('nothingToImport')}</Text>}
      {job.failed > 0 && !query.skipBad && (
        <Alert variant="outline" color="yellow" title={t('wrongRows', { count: job.failed })}>
          {t('wrongRowsHint')}
        </Alert>
      )}
      {overwritten > 0 && (
        <Alert variant="outline" color="yellow" title={t('overwrites', { count: overwritten })}>
          {t(query.assigned ? 'overwritesAssignedHint' : 'overwritesHint')}
        </Alert>
      )}
      {otherSeed > 0 && (
        <Text size="sm">{t(query.overwrite ? 'keptAssigned' : 'keptOtherSeed', { count: otherSeed })}</Text>
      )}
    </Stack>
  );
}
