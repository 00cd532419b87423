import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleHalf2,
} from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { LiveJob } from '../lib/use-job.ts';

const shapes = {
  QUEUED: { Icon: IconCircleDashed, color: 'var(--sy-waiting)' },
  RUNNING: { Icon: IconCircleHalf2, color: 'var(--sy-waiting)' },
  SUCCEEDED: { Icon: IconCircleCheckFilled, color: 'var(--sy-working)' },
  FAILED: { Icon: IconAlertTriangleFilled, color: 'var(--sy-stopped)' },
  CANCELLED: { Icon: IconBan, color: 'var(--sy-quiet)' },
};

/** How far a job is: a word and a shape, never colour alone. */
export function JobState({ job }: { job: Pick<LiveJob, 'state' | 'isCancelling'> }) {
  const t = useTranslations('jobs.state');
  const { Icon, color } = shapes[job.state];
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, whiteSpace: 'nowrap' }}>
      <Icon size={16} color={color} aria-hidden="true" />
      {t(job.isCancelling ? 'CANCELLING' : job.state)}
    </span>
  );
}
