import { eq } from 'drizzle-orm';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { File, visibleFile } from '../files/file-type.ts';
import { User } from '../users/user-type.ts';
import type { JobKind } from './create-job.ts';
import { isRetryable } from './cancel-job.ts';
import { listJobRows } from './list-jobs.ts';
import { paceOf } from './pace.ts';
import { MOST_LOGGED } from './progress.ts';
import { type JobLogRow, type JobRow, jobs, type JobState } from './table.ts';

export const JobStateEnum = builder.enumType('JobState', {
  description: 'How far a job is.',
  values: valuesOf<JobState>({
    QUEUED: 'Waits for its turn: jobs are done one after the other.',
    RUNNING: 'Is being done.',
    SUCCEEDED: 'All is done.',
    FAILED: '`message` says why. Where its file is still there, `retryJob` lets it go on.',
    CANCELLED: 'Somebody ended it; what was done before stays.',
  }),
});
const JobKindEnum = builder.enumType('JobKind', {
  description: 'What a job does.',
  values: valuesOf<JobKind>({
    IMPORT_TOKENS: 'Takes a token file into the stock; or looks what that would do (`dryRun`).',
  }),
});
const JobRowOutcome = builder.enumType('JobRowOutcome', {
  description: 'What became of a row that was not taken as it was.',
  values: valuesOf<JobLogRow['outcome']>({
    SKIPPED: 'Left out, with the reason.',
    FAILED: 'Wrong in itself.',
    NOTED: 'Taken, but not with all that the file says.',
  }),
});

const JobLogEntry = builder.objectRef<JobLogRow>('JobRow').implement({
  description: 'A row of a job’s input that was not taken as it was.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Place in the input, from 1 on.' }),
    line: t.exposeInt('line', { nullable: true, description: 'Line of the file on which it begins.' }),
    serialNumber: t.exposeString('serialNumber', {
      nullable: true,
      description: 'As far as it can be read.',
    }),
    outcome: t.field({
      type: JobRowOutcome,
      description: 'What became of it.',
      resolve: ({ outcome }) => outcome,
    }),
    code: t.exposeString('code', { description: 'Stable, for programs.' }),
    message: t.exposeString('message', { description: 'English, for people.' }),
  }),
});
const JobRowConnection = connectionType('JobRow', JobLogEntry);
const JobCount = builder.objectRef<{ name: string; number: number }>('JobCount').implement({
  description: 'How many rows became what: `new`, `identical`, `otherSeed`, `overwritten`, `expired`, ….',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What became of them.' }),
    number: t.exposeInt('number', { description: 'How many rows so far.' }),
  }),
});

/** A job, with TOKENS_READ: it shows serial numbers and counts, never a seed. */
export async function visibleJob({ viewer, deps }: GraphQLContext, id: string): Promise<JobRow | null> {
  if (!viewer?.permissions.has('TOKENS_READ')) return null;
  return (await deps.db.select().from(jobs).where(eq(jobs.id, id)))[0] ?? null;
}

export const Job = nodeRef<JobRow>('Job', visibleJob);

Job.implement({
  description: 'Long work with progress. It survives the end of the server, and is done once.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For people: of an import the name of the file.' }),
    kind: t.field({ type: JobKindEnum, description: 'What it does.', resolve: ({ kind }) => kind }),
    state: t.field({ type: JobStateEnum, description: 'How far it is.', resolve: ({ state }) => state }),
    total: t.exposeInt('total', { nullable: true, description: 'Rows in all; null while counting.' }),
    done: t.exposeInt('done', { description: 'Rows that did what was asked.' }),
    skipped: t.exposeInt('skipped', { description: 'Rows that were left out.' }),
    failed: t.exposeInt('failed', { description: 'Rows that are wrong in themselves.' }),
    counts: t.field({
      type: [JobCount],
      description: 'Rows by what became of them.',
      resolve: ({ counts }) => Object.entries(counts).map(([name, number]) => ({ name, number })),
    }),
    dryRun: t.boolean({
      description: 'It only looks: nothing is changed.',
      resolve: ({ input }) => (input as { dryRun?: boolean }).dryRun === true,
    }),
    outputFile: t.field({
      type: File,
      nullable: true,
      description: 'For whoever made the job.',
      resolve: ({ outputFileId }, _args, context) =>
        outputFileId ? visibleFile(context, outputFileId) : null,
    }),
    message: t.exposeString('message', { nullable: true, description: 'How it ended, in a sentence.' }),
    createdBy: t.field({
      type: User,
      nullable: true,
      description: 'Null for the system.',
      resolve: ({ createdBy }, _args, { loaders }) => (createdBy ? loaders.user.load(createdBy) : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    rowsPerSecond: t.float({
      nullable: true,
      description:
        'Since it last began with rows: counting them, and what a kill or a pause parted, is left out. Null before, and when it has ended.',
      resolve: (job, _args, { deps }) => paceOf(job, deps.clock.now())?.rowsPerSecond ?? null,
    }),
    secondsLeft: t.int({
      nullable: true,
      description: 'If it goes on as until now; null while that cannot be said.',
      resolve: (job, _args, { deps }) => paceOf(job, deps.clock.now())?.secondsLeft ?? null,
    }),
    isCancelling: t.boolean({
      description: 'It ends after its present batch.',
      resolve: ({ cancelRequestedAt, finishedAt }) => cancelRequestedAt !== null && finishedAt === null,
    }),
    isRetryable: t.boolean({
      description: 'It failed or was cancelled, and its file is still there: `retryJob` lets it go on.',
      resolve: (job, _args, { deps }) => isRetryable(deps, job),
    }),
    rowsCut: t.boolean({
      description:
        'There were more than 10 000 rows for `rows`: the first of them are kept, and the counts go on.',
      resolve: ({ logged }) => logged > MOST_LOGGED,
    }),
    rows: t.field({
      type: JobRowConnection,
      description: 'Rows that were not taken as they were, in the order of the input; the first 10 000.',
      args: {
        ...pageArgs(t),
        outcome: t.arg({ type: JobRowOutcome, description: 'Only rows of which this became.' }),
      },
      resolve: ({ id }, args, { deps }) => listJobRows(deps, id, args, args.outcome),
    }),
  }),
});
