import { GraphQLError } from 'graphql';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { readGlobalId, rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { permissionsNow } from '../../auth/session.ts';
import { cancelJob, retryJob } from './cancel-job.ts';
import { Job, visibleJob } from './job-type.ts';
import { listJobs } from './list-jobs.ts';
import type { JobRow } from './table.ts';
import { watchJob } from './watch-job.ts';

const JobConnection = connectionType('Job', Job);

builder.queryField('jobs', (t) =>
  t.field({
    type: JobConnection,
    permission: 'TOKENS_READ',
    description: 'All jobs, newest first.',
    args: pageArgs(t),
    resolve: (_root, args, { deps }) => listJobs(deps, args),
  }),
);

builder.queryField('job', (t) =>
  t.field({
    type: Job,
    nullable: true,
    permission: 'TOKENS_READ',
    description: 'One job by its id.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, context) => {
      const read = readGlobalId(id);
      return read?.typename === 'Job' ? visibleJob(context, read.id) : null;
    },
  }),
);

for (const [name, act, description] of [
  [
    'cancelJob',
    cancelJob,
    'Ends a job that waits, or one that runs after its present batch. What was done stays.',
  ],
  ['retryJob', retryJob, 'Lets a job that failed or was cancelled go on from where it was.'],
] as const) {
  mutation<{ job: JobRow }>()(name, {
    permission: 'TOKENS_MANAGE',
    description,
    input: (t) => ({ jobId: t.id({ required: true }) }),
    success: (t) => ({ job: t.field({ type: Job, resolve: ({ job }) => job }) }),
    failures: ['InvalidInput', 'NotFound', 'InvalidState'],
    run: async ({ deps }, input) => ({ job: await act(deps, { jobId: rowId('Job', input.jobId) }) }),
  });
}

builder.subscriptionField('jobChanged', (t) =>
  t.field({
    type: Job,
    permission: 'TOKENS_READ',
    description:
      'First the present state, then every change, twice a second at most; completes when the job has ended.',
    args: { id: t.arg.id({ required: true }) },
    subscribe: async (_root, { id }, context) => {
      const read = readGlobalId(id);
      const job = read?.typename === 'Job' ? await visibleJob(context, read.id) : null;
      if (!job) throw new GraphQLError('There is no such job.', { extensions: { code: 'NOT_FOUND' } });
      const { viewer, deps } = context;
      const maySee = async () =>
        viewer !== undefined && (await permissionsNow(deps, viewer)).has('TOKENS_READ');
      return watchJob(deps, job.id, maySee);
    },
    resolve: (row) => row,
  }),
);
