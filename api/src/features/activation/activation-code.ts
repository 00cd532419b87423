import type { Vault } from '../../lib/vault.ts';

/**
 * DIGITS: twelve digits. LONG: 20 characters in groups of four, read aloud and typed. OCTETS: 128 random bits, where
 * nobody types the code. OWN: the administrator's choice, of which only the lookup hash is kept.
 */
export type CodeKind = 'DIGITS' | 'LONG' | 'OCTETS' | 'OWN';

// 32 letters and digits that are not taken for one another: no 0, 1, I, O.
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const OCTETS_LENGTH = 16;
const LONG_LENGTH = 20;

/**
 * The code of an activation. It follows from the master key, the activation's id and `attempt`, so it can be shown
 * again to its owner and lies nowhere.
 * @returns 12 digits; five groups of four characters joined by `-`; or 22 characters of base64url
 */
export function deriveActivationCode(
  vault: Pick<Vault, 'deriveOctets'>,
  { activationId, attempt, kind }: { activationId: string; attempt: number; kind: Exclude<CodeKind, 'OWN'> },
): string {
  const octets = (length: number) =>
    Buffer.from(vault.deriveOctets(`activation code\0${kind}\0${activationId}\0${attempt}`, length));
  if (kind === 'OCTETS') return octets(OCTETS_LENGTH).toString('base64url');
  if (kind === 'DIGITS') return twelveDigits(octets(32));
  const characters = [...octets(LONG_LENGTH)].map((octet) => letters[octet % letters.length]).join('');
  return characters.match(/.{4}/g)!.join('-');
}

/** Six octets at a time; those above the largest multiple of 10¹² are skipped, so no code is likelier than another. */
function twelveDigits(octets: Buffer): string {
  const codes = 10 ** 12;
  const usable = Math.floor(2 ** 48 / codes) * codes;
  for (let at = 0; at + 6 <= octets.length; at += 6) {
    const number = octets.readUIntBE(at, 6);
    if (number < usable) return String(number % codes).padStart(12, '0');
  }
  // All five draws of 48 bits lie in the last 0.17 %: once in 10¹³ codes. A small bias there does no harm.
  return String(octets.readUIntBE(0, 6) % codes).padStart(12, '0');
}

/** How a code that was typed is compared: without case, hyphens and spaces. */
export const foldCode = (code: string): string => code.replace(/[\s-]/g, '').toUpperCase();

/** The hash by which a code is found. OCTETS codes are compared exactly, all others as they are typed. */
export const codeLookup = (vault: Pick<Vault, 'lookupHash'>, kind: CodeKind, code: string): Uint8Array =>
  kind === 'OCTETS'
    ? vault.lookupHash('activation code exact', code)
    : vault.lookupHash('activation code typed', foldCode(code));

/** The hashes under which a code that came in may be known. */
export const codeLookups = (vault: Pick<Vault, 'lookupHash'>, code: string): Uint8Array[] => [
  codeLookup(vault, 'DIGITS', code),
  codeLookup(vault, 'OCTETS', code),
];
