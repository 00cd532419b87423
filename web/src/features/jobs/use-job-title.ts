import { useTranslations } from 'use-intl';
import type { LiveJob } from '../../lib/use-job.ts';

/** What a job does, with the name of what it works on. */
export function useJobTitle(): (job: Pick<LiveJob, 'kind' | 'dryRun' | 'name'>) => string {
  const t = useTranslations('jobs');
  return ({ kind, dryRun, name }) => {
    const key = `${dryRun ? 'kindsDry' : 'kinds'}.${kind}`;
    return t.has(key as never) ? t(key as never, { name } as never) : name;
  };
}
