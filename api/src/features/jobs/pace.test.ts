import { expect, it } from 'vitest';
import { paceOf } from './pace.ts';

const began = new Date('2031-05-01T10:00:00Z');
const after = (seconds: number) => new Date(began.getTime() + seconds * 1000);
const job = { state: 'RUNNING', pacedSince: began, pacedFrom: 0, position: 4000, total: 10_000 } as const;

it('a job that runs says how fast it is and how long it will take', () => {
  expect(paceOf(job, after(4))).toEqual({ rowsPerSecond: 1000, secondsLeft: 6 });
  expect(paceOf({ ...job, total: null }, after(4))).toEqual({ rowsPerSecond: 1000, secondsLeft: null });
});

it('what was done before a pause says nothing of its pace', () => {
  expect(paceOf({ ...job, pacedFrom: 3000 }, after(2))).toEqual({ rowsPerSecond: 500, secondsLeft: 12 });
});

it('nothing is said before the first batch, in the first second, and when it does not run', () => {
  expect(paceOf({ ...job, pacedFrom: 4000 }, after(4))).toBeUndefined();
  expect(paceOf({ ...job, pacedSince: null, pacedFrom: null }, after(4))).toBeUndefined();
  expect(paceOf(job, after(0.5))).toBeUndefined();
  expect(paceOf({ ...job, state: 'QUEUED' }, after(4))).toBeUndefined();
});
