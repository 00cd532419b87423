import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AuthenticatorError } from './errors.ts';
import { readSerialNumber } from './serial-number.ts';

/** Options that all commands take. */
export type Options = {
  store: string;
  json: boolean;
  activationCode: string | undefined;
  deviceId: string | undefined;
  deviceName: string | undefined;
  deviceClass: string | undefined;
  ca: string | undefined;
  insecure: boolean;
};

/** A command line, read and checked. `code` without a serial number means the only token there is. */
export type Command =
  | { name: 'help' }
  | { name: 'list'; options: Options }
  | { name: 'import'; link: string; options: Options }
  | { name: 'code'; serialNumber: string | undefined; options: Options }
  | { name: 'remove'; serialNumber: string; options: Options };

/**
 * Reads the arguments behind the program's name. A serial number may be written in groups, also unquoted.
 * @throws AuthenticatorError USAGE with a sentence that names the argument
 */
export function readArguments(argv: string[]): Command {
  const { values, positionals } = parse(argv);
  const [name, ...rest] = positionals;
  if (values.help || name === undefined) return { name: 'help' };
  const options: Options = {
    store: values.store ?? join(homedir(), '.symbolon', 'authenticator'),
    json: values.json ?? false,
    activationCode: values['activation-code'],
    deviceId: values['device-id'],
    deviceName: values['device-name'],
    deviceClass: values['device-class'],
    ca: values.ca,
    insecure: values.insecure ?? false,
  };
  switch (name) {
    case 'import': {
      const [link, more] = rest;
      if (link === undefined || more !== undefined) {
        throw usageError(
          'import takes one link or one PNG file. In a shell, put the link in quotes: it contains «&».',
        );
      }
      return { name, link, options };
    }
    case 'list':
      if (rest.length > 0) throw usageError('list takes no further argument.');
      return { name, options };
    case 'code':
      return { name, serialNumber: rest.length > 0 ? serialNumberOf(rest) : undefined, options };
    case 'remove':
      return { name, serialNumber: serialNumberOf(rest), options };
    default:
      throw usageError(`There is no command «${name}»: import, list, code or remove.`);
  }
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        store: { type: 'string' },
        json: { type: 'boolean' },
        'activation-code': { type: 'string' },
        'device-id': { type: 'string' },
        'device-name': { type: 'string' },
        'device-class': { type: 'string' },
        ca: { type: 'string' },
        insecure: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw usageError(cause instanceof Error ? cause.message : String(cause));
  }
}

function serialNumberOf(words: string[]): string {
  const serialNumber = readSerialNumber(words.join(''));
  if (serialNumber === undefined)
    throw usageError('A serial number is like 0001 2345 6789, or 1 to 40 letters and digits.');
  return serialNumber;
}

function usageError(sentence: string): AuthenticatorError {
  return new AuthenticatorError('USAGE', `${sentence} See --help.`);
}
