import { randomBytes } from 'node:crypto';
import { writeCtf } from '@symbolon/token-files/ctf/write-ctf';
import { expect, it } from 'vitest';
import { recordOf } from '../../../test/token-file.ts';
import { openTokenFile } from './open-token-file.ts';

it('others are served while a file is read whose rows are dear', async () => {
  const line = (at: number) =>
    writeCtf(recordOf(at), { version: 3, wrapper: 'ANDROID', password: 'pw', randomBytes });
  const file = Array.from({ length: 400 }, (_, at) => line(at)).join('\n');
  let turns = 0;
  let next = setImmediate(function turn() {
    turns += 1;
    next = setImmediate(turn);
  });
  let rows = 0;
  async function* octets() {
    yield Buffer.from(file);
  }
  for await (const { kind } of openTokenFile(octets(), { password: 'pw' })) if (kind === 'token') rows += 1;
  clearImmediate(next);
  expect(rows).toBe(400);
  expect(turns).toBeGreaterThanOrEqual(8);
});
