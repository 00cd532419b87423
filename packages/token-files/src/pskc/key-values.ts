import { refuse } from '../row-checks.ts';
import { child, type XmlElement } from '../xml-stream.ts';
import { base64Value } from './base64-value.ts';
import type { OpenValue } from './encrypted-values.ts';

/** What `Data` holds of a key: all of it is checked, but only these count for a TOTP token. */
export type KeyValues = { secret: Uint8Array; timeInterval: number | undefined };

const wholes = ['Counter', 'Time', 'TimeInterval', 'TimeDrift'] as const;

/**
 * Reads `Data` of a key (RFC 6030 §4.2), each value plain or encrypted. Whole numbers are decimal text; encrypted ones
 * may be big-endian octets instead, unless all of them are ASCII digits, as python-pskc has it.
 * @throws RowProblem `row.seed`, `row.malformed`, `row.damaged`; whatever `open` throws
 */
export async function readKeyValues(data: XmlElement | undefined, open: OpenValue): Promise<KeyValues> {
  const secretElement = child(data, 'Secret');
  if (!secretElement) return refuse('row.seed', 'The key package holds no secret');
  // Older versions of privacyIDEA write the MAC behind the secret.
  const secretMac = child(secretElement, 'ValueMAC') ?? child(data, 'ValueMAC');
  const secret = await readSecret(secretElement, secretMac, open);
  const numbers = new Map<string, number>();
  for (const name of wholes) {
    const element = child(data, name);
    if (element) numbers.set(name, await readWhole(element, open));
  }
  return { secret, timeInterval: numbers.get('TimeInterval') };
}

async function readSecret(
  element: XmlElement,
  valueMac: XmlElement | undefined,
  open: OpenValue,
): Promise<Uint8Array> {
  const encrypted = child(element, 'EncryptedValue');
  if (encrypted) return open(encrypted, valueMac);
  const plain = child(element, 'PlainValue');
  if (!plain) return refuse('row.seed', 'The secret has no value');
  return base64Value(plain.text) ?? refuse('row.seed', 'The secret is not Base64');
}

async function readWhole(element: XmlElement, open: OpenValue): Promise<number> {
  const encrypted = child(element, 'EncryptedValue');
  if (!encrypted) return wholeOf(child(element, 'PlainValue')?.text ?? '', element.name);
  const octets = Buffer.from(await open(encrypted, child(element, 'ValueMAC')));
  const text = octets.toString('latin1');
  if (/^-?\d+$/.test(text)) return wholeOf(text, element.name);
  if (octets.length < 1 || octets.length > 6)
    return refuse('row.malformed', `${element.name} is not a number`);
  return octets.readUIntBE(0, octets.length);
}

function wholeOf(text: string, name: string): number {
  // xs:long is over what a number holds, but only TimeInterval is used.
  if (/^\s*[+-]?\d{1,19}\s*$/.test(text)) return Number(text);
  return refuse('row.malformed', `${name} is not a number`);
}
