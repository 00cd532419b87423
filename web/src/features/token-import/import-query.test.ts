import { expect, test } from 'vitest';
import { inputOf, readImportQuery } from './import-query.ts';

const nothing = { password: '', deviceId: '' };

test('The address keeps what it knows, and drops the rest', () => {
  expect(
    readImportQuery({
      step: 'what',
      file: 'File_1',
      seeds: 'IN_USE',
      overwrite: true,
      assigned: 'yes',
      password: 'x',
    }),
  ).toEqual({ step: 'what', file: 'File_1', seeds: 'IN_USE', overwrite: true });
  expect(readImportQuery({ step: 'else', seeds: 'stock', file: 1 })).toEqual({});
});

test('Assigned tokens are overwritten only together with overwriting', () => {
  expect(inputOf({ assigned: true }, nothing, true).overwriteAssigned).toBe(false);
  expect(inputOf({ overwrite: true, assigned: true }, nothing, true).overwriteAssigned).toBe(true);
});

test('An empty password is none', () => {
  expect(inputOf({ seeds: 'STOCK' }, nothing, false)).toMatchObject({
    password: null,
    deviceId: null,
    seedsInUse: false,
    managedElsewhere: false,
    onDuplicate: 'SKIP',
    onBadRow: 'REFUSE_FILE',
    dryRun: false,
  });
});
