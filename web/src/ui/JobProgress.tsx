import { Group, Progress, Stack, Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { isUnderWay, type LiveJob } from '../lib/use-job.ts';
import { JobState } from './JobState.tsx';

/** Rows gone through, of how many. */
export const rowsThrough = ({ done, skipped, failed }: LiveJob): number => done + skipped + failed;

/** A job's bar, rate, time left and, at its end, what came of it. Each change of state is spoken. */
export function JobProgress({ job }: { job: LiveJob }) {
  const t = useTranslations('jobs');
  const format = useFormatter();
  const timeLeft = useTimeLeft();
  const through = rowsThrough(job);
  const percent = job.total ? Math.min(100, Math.floor((through / job.total) * 100)) : 0;
  const values = { through: format.number(through), total: format.number(job.total ?? 0), percent };
  const words =
    job.state === 'QUEUED'
      ? t('queued')
      : job.total == null
        ? t('counting')
        : [
            t('through', values),
            job.rowsPerSecond && t('rate', { rows: format.number(Math.round(job.rowsPerSecond)) }),
            job.secondsLeft != null && timeLeft(job.secondsLeft),
          ]
            .filter(Boolean)
            .join(' · ');
  return (
    <Stack gap="xs">
      {isUnderWay(job.state) && (
        <>
          <Progress.Root size="lg">
            <Progress.Section value={percent} aria-label={t('progress')} aria-valuetext={words} />
          </Progress.Root>
          <Text size="sm">{job.isCancelling ? t('cancelling') : words}</Text>
        </>
      )}
      {!isUnderWay(job.state) && (
        <Group gap="md">
          <JobState job={job} />
          <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
            {job.message}
          </Text>
        </Group>
      )}
      <div role="status" className="visually-hidden">
        {t(`spoken.${job.isCancelling ? 'CANCELLING' : job.state}`, { name: job.name })} {job.message}
      </div>
    </Stack>
  );
}

/** «about 3 minutes left». */
function useTimeLeft(): (seconds: number) => string {
  const t = useTranslations('jobs');
  return (seconds) => {
    if (seconds < 10) return t('left.moment');
    if (seconds < 90) return t('left.seconds', { count: Math.ceil(seconds / 10) * 10 });
    if (seconds < 5400) return t('left.minutes', { count: Math.round(seconds / 60) });
    return t('left.hours', { count: Math.round(seconds / 3600) });
  };
}
