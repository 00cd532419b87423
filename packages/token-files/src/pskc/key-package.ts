import { checkedDay, checkedPeriod } from '../calendar-day.ts';
import {
  checkedDigits,
  checkedHash,
  checkedInterval,
  checkedName,
  checkedSecurIdSerialNumber,
  checkedSeed,
  checkedSerialNumber,
  leaveOut,
  refuse,
  rowOfProblem,
} from '../row-checks.ts';
import type { FileRow, TokenRecord } from '../token-record.ts';
import { child, type XmlElement } from '../xml-stream.ts';
import type { OpenValue } from './encrypted-values.ts';
import { readKeyValues } from './key-values.ts';
import { SECURID_ALGORITHM } from './pskc-names.ts';

/** `securId`: whether keys under SECURID_ALGORITHM are taken. */
export type KeyPackageReading = { open: OpenValue; securId: boolean };

const textOf = (element: XmlElement | undefined, name: string): string =>
  child(element, name)?.text.trim() ?? '';

/** One `KeyPackage` as a row. Throws only what is wrong with the file as a whole. */
export async function readKeyPackage(piece: XmlElement, reading: KeyPackageReading): Promise<FileRow> {
  const row: { line: number; serialNumber?: string } = { line: piece.line };
  try {
    const keys = piece.children.filter(({ name }) => name === 'Key');
    const [key] = keys;
    if (!key || keys.length > 1)
      return refuse('row.malformed', `A key package holds one key, this one ${keys.length}`);
    const serialNumber =
      textOf(child(piece, 'DeviceInfo'), 'SerialNo') || key.attributes.get('Id')?.trim() || '';
    row.serialNumber = checkedSerialNumber(serialNumber);
    return { ...row, kind: 'token', token: await readToken(piece, key, row.serialNumber, reading) };
  } catch (problem) {
    return rowOfProblem(problem, row);
  }
}

async function readToken(
  piece: XmlElement,
  key: XmlElement,
  serialNumber: string,
  { open, securId }: KeyPackageReading,
): Promise<TokenRecord> {
  // What Symbolon has no token for is left out before anything needs a password.
  const algorithm = algorithmOf(key, securId);
  const parameters = child(key, 'AlgorithmParameters');
  const digits = digitsOf(child(parameters, 'ResponseFormat'));
  const suite = child(parameters, 'Suite');
  const hash = checkedHash(suite?.text.trim() || suite?.attributes.get('hashalgo') || '');
  const policy = child(key, 'Policy');
  checkUsage(policy);
  const device = child(piece, 'DeviceInfo');
  const values = await readKeyValues(child(key, 'Data'), open);
  const userName = checkedName(textOf(key, 'UserId') || textOf(device, 'UserId'), 'The user');
  const nickname = checkedName(textOf(key, 'FriendlyName'), 'The name of the key');
  const deviceId = checkedName(textOf(device, 'DeviceBinding'), 'The device');
  return {
    serialNumber: algorithm === 'SECURID' ? checkedSecurIdSerialNumber(serialNumber) : serialNumber,
    algorithm,
    seed: Uint8Array.from(checkedSeed(values.secret, algorithm)),
    digits,
    intervalSeconds: checkedInterval(values.timeInterval ?? 30, algorithm),
    ...(algorithm === 'TOTP' ? { hashAlgorithm: hash } : {}),
    pinStyle: pinStyleOf(child(policy, 'PINPolicy')),
    ...periodOf(device, policy),
    ...(userName ? { userName } : {}),
    ...(nickname ? { nickname } : {}),
    ...(deviceId ? { deviceId } : {}),
  };
}

function algorithmOf(key: XmlElement, securId: boolean): 'SECURID' | 'TOTP' {
  const name = key.attributes.get('Algorithm')?.trim() ?? '';
  if (/(?:^|[:#])totp$/i.test(name)) return 'TOTP';
  if (securId && name === SECURID_ALGORITHM) return 'SECURID';
  if (/(?:^|[:#])hotp$/i.test(name))
    return leaveOut('row.hotp', 'HOTP counts instead of looking at the clock; only TOTP is taken');
  return leaveOut(
    'row.algorithm',
    `The key is for ${name.slice(0, 120) || 'no named algorithm'}, not for TOTP`,
  );
}

function digitsOf(format: XmlElement | undefined): 6 | 8 {
  const encoding = format?.attributes.get('Encoding') ?? 'DECIMAL';
  if (encoding.toUpperCase() !== 'DECIMAL') leaveOut('row.digits', 'The codes are not decimal');
  if (/^(true|1)$/i.test(format?.attributes.get('CheckDigits')?.trim() ?? ''))
    leaveOut('row.digits', 'The codes end in a check digit');
  const length = format?.attributes.get('Length')?.trim() ?? '6';
  return /^\d{1,4}$/.test(length)
    ? checkedDigits(Number(length))
    : refuse('row.malformed', 'Length is not a number');
}

const policyElements = ['StartDate', 'ExpiryDate', 'PINPolicy', 'KeyUsage'];

/** RFC 6030 §5: of a policy that is not understood, the key must not be used. */
function checkUsage(policy: XmlElement | undefined): void {
  const unknown = policy?.children.find(({ name }) => !policyElements.includes(name));
  if (unknown)
    leaveOut(
      'row.algorithm',
      `The policy of the key asks for ${unknown.name.slice(0, 40)}, which Symbolon cannot keep`,
    );
  const usages = policy?.children.filter(({ name }) => name === 'KeyUsage') ?? [];
  if (usages.length > 0 && !usages.some(({ text }) => text.trim() === 'OTP'))
    leaveOut('row.algorithm', 'The key may not be used for one-time passwords');
}

/** Local: the device asks for the PIN, and the code does not show it. Append comes closest to a PIN typed with the code. */
function pinStyleOf(policy: XmlElement | undefined): TokenRecord['pinStyle'] {
  const mode = policy?.attributes.get('PINUsageMode')?.trim().toLowerCase();
  if (mode === 'prepend' || mode === 'append') return 'FOB';
  return mode === 'algorithmic' ? 'PINPAD' : 'NONE';
}

/** Device and key both have dates; a code is right only while both are valid. */
function periodOf(device: XmlElement | undefined, policy: XmlElement | undefined) {
  const days = (name: string): string[] =>
    [textOf(device, name), textOf(policy, name)]
      .filter(Boolean)
      .map((text) => checkedDay(text, name))
      .toSorted();
  return checkedPeriod(days('StartDate').at(-1), days('ExpiryDate').at(0));
}
