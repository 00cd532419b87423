import { TokenFileError } from '../errors.ts';
import type { TokenRecord } from '../token-record.ts';
import {
  type PskcEncryption,
  prepareSecrets,
  type RandomBytes,
  type SecretWriting,
} from './file-encryption.ts';
import { namespaces, SECURID_ALGORITHM, TOTP_ALGORITHM } from './pskc-names.ts';
import { xmlEscape } from './xml-escape.ts';

/** What a PSKC file is made with. */
export type PskcWriting = {
  encryption: PskcEncryption;
  randomBytes: RandomBytes;
  /** Also writes SECURID tokens, under SECURID_ALGORITHM: only for another Symbolon. */
  securId?: boolean;
};

const pinModes = { NONE: undefined, FOB: 'Prepend', PINPAD: 'Algorithmic' } as const;

/**
 * Writes a PSKC container (RFC 6030 with its schema, `reference/token-formats.md` §4) piece by piece. Only seeds are
 * encrypted, each with a MAC. `firstName`, `lastName` and `copyProtected` have no place in PSKC and are left out.
 * @throws TokenFileError `invalid-argument`: no token, a SECURID token without `securId`, values out of range, characters
 *   that XML cannot hold, or what prepareSecrets refuses. What was yielded before is then no file.
 */
export async function* writePskc(
  tokens: AsyncIterable<TokenRecord> | Iterable<TokenRecord>,
  { encryption, randomBytes, securId = false }: PskcWriting,
): AsyncGenerator<string> {
  const secrets = await prepareSecrets(encryption, randomBytes);
  const declared = Object.entries(namespaces).map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<pskc:KeyContainer ${declared.join(' ')} Version="1.0">\n${secrets.head}`;
  let count = 0;
  for await (const token of tokens) {
    checkToken(token, securId);
    yield keyPackage(token, secrets);
    count += 1;
  }
  if (count === 0) throw new TokenFileError('invalid-argument', 'There is no token to write');
  yield '</pskc:KeyContainer>\n';
}

function checkToken(
  { algorithm, seed, serialNumber, digits, intervalSeconds }: TokenRecord,
  securId: boolean,
): void {
  const refuse = (message: string): never => {
    throw new TokenFileError('invalid-argument', message);
  };
  if (algorithm === 'SECURID' && !securId)
    refuse('PSKC has no algorithm for SecurID: export such tokens as SDTID');
  if (algorithm === 'SECURID' && (seed.length !== 16 || !/^\d{12}$/.test(serialNumber)))
    refuse('A SecurID token has 12 digits and 16 octets of seed');
  if (seed.length < 1 || seed.length > 128) refuse('A seed is of 1 to 128 octets');
  if (serialNumber.trim() === '' || serialNumber.length > 64)
    refuse('A serial number is of 1 to 64 characters');
  if (digits !== 6 && digits !== 8) refuse('A code has 6 or 8 digits');
  if (!Number.isInteger(intervalSeconds) || intervalSeconds < 1 || intervalSeconds > 3600)
    refuse('A code lasts 1 to 3600 seconds');
}

/** In the order of the schema: readers validate. */
function keyPackage(token: TokenRecord, { writeSecret }: SecretWriting): string {
  const { serialNumber, algorithm, hashAlgorithm, digits, intervalSeconds, deviceId, nickname, userName } =
    token;
  const serial = xmlEscape(serialNumber);
  const suite = hashAlgorithm && hashAlgorithm !== 'SHA1' ? `HMAC-${hashAlgorithm}` : undefined;
  const identifier = algorithm === 'TOTP' ? TOTP_ALGORITHM : SECURID_ALGORITHM;
  const lines = [
    '<pskc:KeyPackage>',
    `<pskc:DeviceInfo><pskc:SerialNo>${serial}</pskc:SerialNo>${element('DeviceBinding', deviceId)}</pskc:DeviceInfo>`,
    `<pskc:Key Id="${serial}" Algorithm="${identifier}">`,
    `<pskc:AlgorithmParameters>${element('Suite', suite)}<pskc:ResponseFormat Encoding="DECIMAL" Length="${digits}"/></pskc:AlgorithmParameters>`,
    element('FriendlyName', nickname),
    `<pskc:Data><pskc:Secret>${writeSecret(token.seed)}</pskc:Secret>${plain('Time', 0)}${plain('TimeInterval', intervalSeconds)}</pskc:Data>`,
    element('UserId', userName),
    policy(token),
    '</pskc:Key></pskc:KeyPackage>',
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}

const element = (name: string, text: string | undefined): string =>
  text ? `<pskc:${name}>${xmlEscape(text)}</pskc:${name}>` : '';

const plain = (name: string, value: number): string =>
  `<pskc:${name}><pskc:PlainValue>${value}</pskc:PlainValue></pskc:${name}>`;

function policy({ startsOn, expiresOn, pinStyle }: TokenRecord): string {
  const mode = pinModes[pinStyle];
  const parts = [
    element('StartDate', moment(startsOn, '00:00:00')),
    // The last valid day is valid to its end.
    element('ExpiryDate', moment(expiresOn, '23:59:59')),
    mode ? `<pskc:PINPolicy PINUsageMode="${mode}"/>` : '',
    '<pskc:KeyUsage>OTP</pskc:KeyUsage>',
  ];
  return `<pskc:Policy>${parts.join('')}</pskc:Policy>`;
}

function moment(day: string | undefined, time: string): string | undefined {
  if (day === undefined) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day))
    throw new TokenFileError('invalid-argument', 'A day is written YYYY-MM-DD');
  return `${day}T${time}Z`;
}
