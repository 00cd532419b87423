import { describe, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';

describe('readArguments', () => {
  test.each([[[]], [['--help']], [['-h']], [['import', '--help']]])('%j asks for help', (argv) => {
    expect(readArguments(argv)).toEqual({ name: 'help' });
  });

  test('reads options on both sides of the command', () => {
    const argv = [
      '--json',
      'import',
      'qr.png',
      '--store',
      's',
      '--insecure',
      '--device-id',
      'D',
      '--ca=ca.pem',
    ];
    expect(readArguments(argv)).toMatchObject({
      name: 'import',
      link: 'qr.png',
      options: { store: 's', json: true, insecure: true, deviceId: 'D', ca: 'ca.pem', deviceName: undefined },
    });
  });

  test('has a store of its own', () => {
    expect(readArguments(['list'])).toMatchObject({
      options: { store: expect.stringMatching(/\.symbolon.authenticator$/) },
    });
  });

  test.each([
    [['code', '000123456789']],
    [['code', '0001 2345 6789']],
    [['code', '0001', '2345', '6789']],
    [['remove', '0001-2345-6789']],
  ])('%j names a serial number', (argv) => {
    expect(readArguments(argv)).toMatchObject({ serialNumber: '000123456789' });
  });

  test.each([
    [['enrol'], 'There is no command «enrol»'],
    [['import'], 'import takes one link'],
    [['import', 'a', 'b'], 'import takes one link'],
    [['list', 'x'], 'list takes no further argument'],
    [['remove'], 'A serial number is like'],
    [['code', 'a/b'], 'A serial number is like'],
    [['list', '--colour'], '--colour'],
    [['list', '--store'], '--store'],
  ])('refuses %j', (argv, why) => {
    expect(() => readArguments(argv)).toThrow(expect.objectContaining({ code: 'USAGE', exitCode: 6 }));
    expect(() => readArguments(argv)).toThrow(why);
  });
});
