import { type ActivationLink, parseActivationLink } from '@symbolon/ct-kip/activation-link';
import { CtKipError } from '@symbolon/ct-kip/errors';
import { LinkError } from '@symbolon/ct-kip/link-error';
import { type RandomSource, utf8 } from '@symbolon/ct-kip/octets';
import { readTrigger } from '@symbolon/ct-kip/trigger';
import { securidSecondsLeft, securidTokencode } from '@symbolon/tokencode/securid';
import { totpCode } from '@symbolon/tokencode/totp';
import { type CtKipTransport, ctKipHttp, isLoopback } from './ct-kip-http.ts';
import { checkDevice, type Device } from './device.ts';
import { AuthenticatorError } from './errors.ts';
import { plainText } from './refusals.ts';
import { type Agreed, runCtKip } from './run-ct-kip.ts';
import type { ScryptCost } from './sealed-file.ts';
import { noSuchToken, openTokenStore, type StoredToken } from './token-store.ts';

/** What `importToken` needs. */
export type ImportInput = {
  /** Activation link in any form that RSA's apps use, our own, or the plain address of the service. */
  link: string;
  /** For a link that carries no code; a function is asked only then. A code in the link wins. */
  activationCode?: string | (() => Promise<string>) | undefined;
  /** Path of the sealed file, which need not exist yet. */
  store: string;
  /** A function is asked only when the link can be followed. */
  passphrase: string | (() => Promise<string>);
  /** Default: with our own links says what it is, and nothing with RSA's. */
  device?: Device | undefined;
  /** Allows http to another machine than this one. */
  allowInsecureHttp?: boolean | undefined;
  /** Default: `ctKipHttp()`. */
  transport?: CtKipTransport | undefined;
  /** Cryptographic source; default: the platform's. */
  random?: RandomSource | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
  /** scrypt's cost for a new store; for tests. */
  cost?: ScryptCost | undefined;
};

/** The code of a moment. */
export type ShownTokencode = {
  /** 6 or 8 decimal digits. */
  tokencode: string;
  /** Whole seconds, at least 1. */
  secondsLeft: number;
  /** The token's last day is over: the code is right, but the server refuses it. */
  expired: boolean;
};

/**
 * Takes a token: reads the link, opens the store and tries to write there, and only then talks to the server.
 * Stores nothing before the server has proved that it holds the same seed, and nothing when the serial number, which
 * only the last message tells, is held already.
 * @throws AuthenticatorError any code but NO_SUCH_TOKEN and QR_UNREADABLE
 */
export async function importToken(input: ImportInput): Promise<StoredToken> {
  const { device = {}, transport = ctKipHttp(), random } = input;
  const link = readLink(input.link);
  const url = new URL(link.serviceUrl);
  if (url.protocol === 'http:' && !isLoopback(url) && !input.allowInsecureHttp) throw insecureHttp(url);
  checkDevice(device);
  const passphrase = typeof input.passphrase === 'function' ? await input.passphrase() : input.passphrase;
  const store = await openTokenStore({ file: input.store, passphrase, cost: input.cost });
  await store.tryWriting();
  const activationCode = link.activationCode ?? (await readCode(input.activationCode));
  const { serverKeyFingerprint } = link;
  const dialect = link.scheme === 'symbolon' ? 'RFC' : 'RSA';
  const run = { url, activationCode, dialect, serverKeyFingerprint, device, transport, random } as const;
  const result = await runCtKip(run);
  const token = storedToken(result, url, input.now());
  await store.add(token);
  return token;
}

/**
 * The code that a stored token shows at a moment.
 * @param input.at unix seconds
 * @throws AuthenticatorError NO_SUCH_TOKEN, PASSPHRASE_WRONG, STORE_DAMAGED, STORE_IO
 */
export async function tokencode(input: {
  store: string;
  passphrase: string;
  serialNumber: string;
  at: number;
}): Promise<ShownTokencode> {
  const store = await openTokenStore({ file: input.store, passphrase: input.passphrase });
  const token = store.tokens().find(({ serialNumber }) => serialNumber === input.serialNumber);
  if (!token) throw noSuchToken(input.serialNumber);
  return showTokencode(token, input.at);
}

/** The code that a token shows at a moment. @param at unix seconds */
export function showTokencode(token: StoredToken, at: number): ShownTokencode {
  // The last day is whole: the token ends with it, in UTC.
  const endsAt =
    token.expiresOn === undefined ? Number.POSITIVE_INFINITY : Date.parse(token.expiresOn) / 1000 + 86_400;
  return {
    tokencode:
      token.algorithm === 'TOTP'
        ? totpCode({ ...token, hashAlgorithm: 'SHA1', at })
        : securidTokencode({ ...token, at }),
    secondsLeft: securidSecondsLeft(at, token.intervalSeconds),
    expired: at >= endsAt,
  };
}

function readLink(text: string): ActivationLink {
  if (text.trimStart().startsWith('<')) return readTriggerFile(text);
  try {
    return parseActivationLink(text);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    if (error.code === 'token-data-link') {
      const message = 'The link carries a token file (CTF). This authenticator takes tokens by CT-KIP only.';
      throw new AuthenticatorError('LINK_NOT_SUPPORTED', message, { cause: error });
    }
    if (/^otpauth:/i.test(text.trim())) {
      const message =
        'The link carries the seed itself, for an OATH app. This authenticator takes tokens by CT-KIP only.';
      throw new AuthenticatorError('LINK_NOT_SUPPORTED', message, { cause: error });
    }
    throw new AuthenticatorError('LINK_UNREADABLE', `${error.message}.`, { cause: error });
  }
}

/** A trigger that a browser saved says what a link says. Without the server's key in it, TLS alone vouches for it. */
function readTriggerFile(text: string): ActivationLink {
  try {
    const { triggerNonce, serviceUrl = '', serverKeyFingerprint } = readTrigger(utf8(text));
    const activationCode = Buffer.from(triggerNonce).toString('base64url');
    if (!/^https?:\/\//i.test(serviceUrl) || !URL.canParse(serviceUrl))
      throw new LinkError('service-url', 'The activation file names no server');
    return {
      scheme: 'symbolon',
      serviceUrl,
      activationCode,
      ...(serverKeyFingerprint && { serverKeyFingerprint }),
    };
  } catch (error) {
    if (!(error instanceof CtKipError || error instanceof LinkError)) throw error;
    throw new AuthenticatorError('LINK_UNREADABLE', `${error.message}.`, { cause: error });
  }
}

async function readCode(code: ImportInput['activationCode']): Promise<string> {
  const given = typeof code === 'function' ? await code() : code;
  // People read a code in groups; no code contains white space.
  const compact = given?.replace(/\s/g, '');
  if (compact) return compact;
  throw new AuthenticatorError('CODE_MISSING', 'The link carries no activation code, and none was given.');
}

function insecureHttp(url: URL): AuthenticatorError {
  const message =
    `${url.origin} is reached without TLS: whoever listens on the way sees the activation code and can take the ` +
    'token first. Use an https link, or add --insecure where you accept that.';
  return new AuthenticatorError('INSECURE_HTTP', message);
}

function storedToken(result: Agreed, url: URL, now: number): StoredToken {
  const { tokencodeLength: digits, tokencodeInterval: intervalSeconds } = result;
  if ((digits !== 6 && digits !== 8) || (intervalSeconds !== 30 && intervalSeconds !== 60)) {
    const message = `The server made a token of a kind that does not exist here: ${digits} digits, ${intervalSeconds} s.`;
    throw new AuthenticatorError('ANSWER_UNUSABLE', message);
  }
  return {
    algorithm: result.algorithm,
    serialNumber: result.serialNumber,
    seed: result.seed,
    digits,
    intervalSeconds,
    expiresOn: result.expiresOn,
    addsPin: result.addsPin,
    serviceName: plainText(result.serviceId ?? ''),
    userName: plainText(result.userId ?? ''),
    serviceUrl: url.origin + url.pathname,
    activatedAt: new Date(now).toISOString(),
  };
}
