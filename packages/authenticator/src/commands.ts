import { readFile, stat } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { Command, Options } from './arguments.ts';
import { importToken, type ShownTokencode, showTokencode } from './authenticator.ts';
import { ctKipHttp } from './ct-kip-http.ts';
import { AuthenticatorError } from './errors.ts';
import { ask, canAsk } from './prompt.ts';
import { readQrFile } from './qr-image.ts';
import { groupSerialNumber } from './serial-number.ts';
import { noSuchToken, openTokenStore, type StoredToken } from './token-store.ts';

/** What a command says: an object for scripts, text for people. Never a seed. */
export type Answer = { json: Record<string, unknown>; text: string };

/** Runs one command by this device's clock. @throws AuthenticatorError */
export function runCommand(command: Exclude<Command, { name: 'help' }>): Promise<Answer> {
  switch (command.name) {
    case 'import':
      return runImport(command.link, command.options);
    case 'list':
      return runList(command.options);
    case 'code':
      return runCode(command.serialNumber, command.options);
    case 'remove':
      return runRemove(command.serialNumber, command.options);
  }
}

async function runImport(source: string, options: Options): Promise<Answer> {
  const link = await readLink(source);
  const ca = options.ca === undefined ? undefined : await readCa(options.ca);
  const token = await importToken({
    link,
    activationCode: options.activationCode ?? askActivationCode,
    store: options.store,
    passphrase: () => passphraseFor(options.store),
    device: { id: options.deviceId, name: options.deviceName, class: options.deviceClass },
    allowInsecureHttp: options.insecure,
    transport: ctKipHttp({ ca }),
    now: Date.now,
  });
  const shown = showTokencode(token, Date.now() / 1000);
  const taken = `Token ${groupSerialNumber(token.serialNumber)} is on this device.`;
  return { json: { token: describe(token), ...shown }, text: `${taken}\n${tokencodeLine(shown)}` };
}

async function runList(options: Options): Promise<Answer> {
  const tokens = (await open(options)).tokens();
  const lines = tokens.map((token) => {
    const until = token.expiresOn === undefined ? '' : `, until ${token.expiresOn}`;
    const whose = [token.userName, token.serviceName].filter(Boolean).join(' at ');
    const shape = `${token.digits} digits, ${token.intervalSeconds} s${until}`;
    return `${groupSerialNumber(token.serialNumber)}   ${shape}${whose && `   ${whose}`}`;
  });
  return {
    json: { tokens: tokens.map(describe) },
    text: lines.join('\n') || 'This authenticator holds no token.',
  };
}

async function runCode(wanted: string | undefined, options: Options): Promise<Answer> {
  const tokens = (await open(options)).tokens();
  const token =
    wanted === undefined ? onlyOne(tokens) : tokens.find(({ serialNumber }) => serialNumber === wanted);
  if (!token) throw noSuchToken(wanted as string);
  const shown = showTokencode(token, Date.now() / 1000);
  const note = shown.expired ? '\nThe token has expired; the server will not accept this code.' : '';
  return { json: { serialNumber: token.serialNumber, ...shown }, text: tokencodeLine(shown) + note };
}

async function runRemove(serialNumber: string, options: Options): Promise<Answer> {
  await (await open(options)).remove(serialNumber);
  const text = `Token ${groupSerialNumber(serialNumber)} is no longer on this device.`;
  return { json: { serialNumber }, text };
}

function onlyOne(tokens: readonly StoredToken[]): StoredToken {
  const [token, another] = tokens;
  if (!token) throw new AuthenticatorError('NO_SUCH_TOKEN', 'This authenticator holds no token.');
  if (another) throw new AuthenticatorError('USAGE', 'There are several tokens: name the serial number.');
  return token;
}

/** What may be told of a token: all but the seed. */
function describe(token: StoredToken): Omit<StoredToken, 'seed'> {
  const { seed: _seed, ...rest } = token;
  return rest;
}

function tokencodeLine({ tokencode, secondsLeft }: ShownTokencode): string {
  const half = tokencode.length / 2;
  const unit = secondsLeft === 1 ? 'second' : 'seconds';
  return `${tokencode.slice(0, half)} ${tokencode.slice(half)}   ${secondsLeft} ${unit} left`;
}

/** The link itself, the text of the QR code in a PNG file, or a saved trigger. */
async function readLink(source: string): Promise<string> {
  if (source === '-') return (await readAll(process.stdin)).trim();
  const isFile = await stat(source).then(
    () => true,
    () => false,
  );
  if (!isFile && /^[a-z][a-z0-9.+-]*:/i.test(source)) return source;
  const trigger = isFile ? await readTriggerText(source) : undefined;
  return trigger ?? readQrFile(source);
}

/** The text of a saved trigger (RFC 4758), or undefined for a file that is no small XML. */
async function readTriggerText(file: string): Promise<string | undefined> {
  if ((await stat(file)).size > 64 * 1024) return undefined;
  const text = await readFile(file, 'utf8');
  return text.startsWith('<') ? text : undefined;
}

async function readCa(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8').catch(() => undefined);
  if (pem?.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new AuthenticatorError('CA_UNREADABLE', `${file} is not a readable PEM file with certificates.`);
}

async function open({ store }: Options) {
  return openTokenStore({ file: store, passphrase: await passphraseFor(store) });
}

async function passphraseFor(store: string): Promise<string> {
  const given = process.env['SYMBOLON_AUTHENTICATOR_PASSPHRASE'];
  if (given) return given;
  const missing = (sentence: string) => new AuthenticatorError('PASSPHRASE_MISSING', sentence);
  if (!canAsk()) {
    throw missing(
      'The store needs a passphrase: set SYMBOLON_AUTHENTICATOR_PASSPHRASE or run this in a terminal.',
    );
  }
  const isNew = await stat(store).then(
    () => false,
    () => true,
  );
  const passphrase = await ask(isNew ? 'Choose a passphrase: ' : 'Passphrase: ', { echo: false });
  if (passphrase === '') throw missing('The store needs a passphrase.');
  if (isNew && (await ask('The same again: ', { echo: false })) !== passphrase) {
    throw missing('The two passphrases differ.');
  }
  return passphrase;
}

async function askActivationCode(): Promise<string> {
  if (canAsk()) return ask('Activation code: ', { echo: true });
  const message = 'The link carries no activation code: add --activation-code.';
  throw new AuthenticatorError('CODE_MISSING', message);
}
