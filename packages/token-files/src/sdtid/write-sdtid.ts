import { TokenFileError } from '../errors.ts';
import type { TokenRecord } from '../token-record.ts';
import { BLOCK, fit, trimmed } from './cbc-mac.ts';
import { FieldFault, day } from './fields.ts';
import { type BatchKeys, openBatch } from './keys.ts';
import { headerSection, settingsOf, tokenSection, withMac } from './sections.ts';
import { sectionXml, writable } from './xml-text.ts';

/** Octets of a password that count; more would be a promise that nobody keeps. */
const MAX_PASSWORD = 32;
const MAX_NAME = 128;

export type SdtidOptions = {
  /**
   * 1 to 32 octets of UTF-8, white space around them aside. Without one, anybody who has the file has the seeds: keys are
   * then made of the file's own Origin.
   */
  password?: string | undefined;
  /**
   * Name of the batch, at most 128 characters; the first 16 octets salt the password. Left out it is random, so that one
   * password gives each file its own keys.
   */
  name?: string | undefined;
  /** Whom the file says it comes from, at most 128 characters. */
  origin?: string | undefined;
  /** For whom the file says it is, at most 128 characters. */
  destination?: string | undefined;
  /** Secure random octets. */
  randomBytes: (length: number) => Uint8Array;
};

const NEITHER = 'N/A';
/** What stands for no origin. Readers try the origin as a password first, so it is never the password. */
const noOrigin = (password: string | undefined): string =>
  trimmed(password ?? '') === NEITHER ? 'none' : NEITHER;

/**
 * Writes SecurID tokens as an SDTID file, piece by piece (`reference/token-formats.md` §1): one header, whose defaults are
 * those of the first token, one TKN each, and a trailer. stoken and `readSdtid` read it; stoken takes files of one token
 * only. The trailer has no signature (a space stands for it), so that RSA's own tools take the file is not promised.
 *
 * Without `startsOn` a token begins on 2000/01/01, without `copyProtected` it is protected; in names, U+FFFD stands for
 * characters that XML cannot hold.
 * @param tokens one at least, all of them SECURID with `expiresOn`; taken as they are needed
 * @throws TokenFileError `invalid-argument`, maybe after a part of the file: what has come until then is no file
 */
export async function* writeSdtid(
  tokens: AsyncIterable<TokenRecord> | Iterable<TokenRecord>,
  options: SdtidOptions,
): AsyncGenerator<string> {
  let batch: { keys: BatchKeys; defaults: ReadonlyMap<string, string> } | undefined;
  for await (const token of tokens) {
    checkToken(token);
    if (!batch) {
      const defaults = settingsOf(token);
      const { keys, xml } = startBatch(defaults, options);
      batch = { keys, defaults };
      yield `<?xml version="1.0"?>\n<TKNBatch>\n${xml}`;
    }
    const { keys, defaults } = batch;
    const seed = keys.maskSeed(token.serialNumber, token.seed).toString('base64');
    const section = tokenSection(token, seed, defaults);
    yield sectionXml(withMac(section, 'TokenMAC', keys.tokenMac(token.serialNumber, section)));
  }
  if (!batch) throw new TokenFileError('invalid-argument', 'There is no token to write');
  yield `${TRAILER}</TKNBatch>\n`;
}

const TRAILER = `  <TKNTrailer>
    <BatchSignature> </BatchSignature>
    <BatchCertificate> </BatchCertificate>
  </TKNTrailer>
`;

function startBatch(
  defaults: ReadonlyMap<string, string>,
  { password, name, origin, destination, randomBytes }: SdtidOptions,
): { keys: BatchKeys; xml: string } {
  const secret = randomBytes(BLOCK);
  const texts = {
    name: headerText(name) ?? Buffer.from(randomBytes(BLOCK / 2)).toString('hex'),
    origin: headerText(origin) ?? noOrigin(password),
    destination: headerText(destination) ?? NEITHER,
    secret: Buffer.from(secret).toString('base64'),
  };
  const keys = openBatch(secret, passwordText(password, texts.origin), texts);
  const header = headerSection(texts, defaults);
  return { keys, xml: sectionXml(withMac(header, 'HeaderMAC', keys.headerMac(header))) };
}

function headerText(text: string | undefined): string | undefined {
  const written = trimmed(text ?? '');
  if (written.length > MAX_NAME || /\p{Cc}/u.test(written) || written !== writable(written))
    throw new TokenFileError(
      'invalid-argument',
      `Name, origin and destination have at most ${MAX_NAME} characters, and no control characters`,
    );
  return written || undefined;
}

function passwordText(password: string | undefined, origin: string): string {
  if (password === undefined) return origin;
  const written = trimmed(password);
  const length = Buffer.byteLength(written);
  if (length < 1 || length > MAX_PASSWORD || /\p{Cc}/u.test(written))
    throw new TokenFileError(
      'invalid-argument',
      `The password has 1 to ${MAX_PASSWORD} bytes, and no control characters`,
    );
  // Readers try the origin first: such a file would open without its password.
  if (fit(written, MAX_PASSWORD).equals(fit(origin, MAX_PASSWORD)))
    throw new TokenFileError('invalid-argument', 'The password is the origin that stands in the file');
  return written;
}

function checkToken({ serialNumber, algorithm, seed, ...token }: TokenRecord): void {
  const refuse = (what: string) => {
    throw new TokenFileError('invalid-argument', `Token ${serialNumber.slice(0, 64)}: ${what}`);
  };
  if (algorithm !== 'SECURID') refuse('SDTID holds SecurID tokens only');
  if (!/^\d{12}$/.test(serialNumber)) refuse('the serial number is not 12 digits');
  if (seed.length !== BLOCK) refuse('the seed is not 16 bytes');
  if (token.digits !== 6 && token.digits !== 8) refuse('the code has neither 6 nor 8 digits');
  if (token.intervalSeconds !== 30 && token.intervalSeconds !== 60)
    refuse('the interval is not 30 or 60 seconds');
  if (token.expiresOn === undefined) refuse('SDTID needs a last valid day');
  for (const date of [token.startsOn, token.expiresOn]) {
    if (date !== undefined && !isDay(date)) refuse('a date is not a day of the form YYYY-MM-DD');
  }
}

function isDay(date: string): boolean {
  try {
    return day(date.replaceAll('-', '/'), '') === date;
  } catch (error) {
    if (error instanceof FieldFault) return false;
    throw error;
  }
}
