import { Box } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import type { LiveJob } from '../lib/use-job.ts';
import { DataTable } from './DataTable.tsx';

const taken = ['new', 'overwritten'];
const left = ['identical', 'otherSeed', 'expired'];
const owners = ['assigned', 'withoutOwner'];

/** Rows of a job by what became of them, or would; what has a reason of its own stands in a line of its own. */
export function JobCounts({ job }: { job: LiveJob }) {
  const t = useTranslations('jobs');
  const format = useFormatter();
  const number = new Map(job.counts.map((count) => [count.name, count.number]));
  const named = left.reduce((sum, name) => sum + (number.get(name) ?? 0), 0);
  const known = new Set([...taken, ...left, ...owners]);
  const rows = [
    ...taken.map((name) => ({ name, count: number.get(name) ?? 0 })),
    ...left.map((name) => ({ name, count: number.get(name) ?? 0 })),
    { name: 'otherwiseSkipped', count: job.skipped - named },
    { name: 'failed', count: job.failed },
    ...owners.map((name) => ({ name, count: number.get(name) ?? 0 })),
    ...job.counts.filter(({ name }) => !known.has(name)).map(({ name, number: count }) => ({ name, count })),
  ].filter(({ name, count }) => count > 0 || name === 'new');
  const mood = job.dryRun ? 'would' : 'did';
  const text = (name: string) =>
    t.has(`counts.${mood}.${name}` as never) ? t(`counts.${mood}.${name}` as never) : name;
  return (
    <Box maw={720}>
      <DataTable
        label={t('countsTitle')}
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          { key: 'what', header: t('whatBecame'), cell: ({ name }) => text(name) },
          { key: 'number', header: t('number'), width: 120, cell: ({ count }) => format.number(count) },
        ]}
        empty={null}
      />
    </Box>
  );
}
