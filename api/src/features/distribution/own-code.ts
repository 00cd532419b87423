import { foldCode } from '../activation/activation-code.ts';

const words = [
  'PASSWORD',
  'PASSWORT',
  'SYMBOLON',
  'ACTIVAT',
  'WELCOME',
  'QWERT',
  'ASDFG',
  'SECURID',
  'LETMEIN',
  'ADMIN',
];

/**
 * Why an activation code of the administrator's own choice is too weak, or undefined when it may be used. It lives for
 * hours and is tried against every live code, so it must not be what a stranger would guess.
 * @param about names and numbers of the person and the token, which a code must not hold
 */
export function weaknessOf(code: string, about: readonly string[]): string | undefined {
  if (!/^[A-Za-z0-9-]{8,32}$/.test(code))
    return 'An activation code has 8 to 32 letters, digits and hyphens.';
  const folded = foldCode(code);
  if (folded.length < 8) return 'An activation code has at least 8 letters and digits.';
  if (/^\d+$/.test(folded) && folded.length < 10) return 'A code of digits only has at least 10 of them.';
  if (new Set(folded).size < 5)
    return 'This code repeats few characters. Choose one with at least five different ones.';
  if (/^(.{1,8}?)\1+$/.test(folded)) return 'This code repeats itself. Choose another.';
  if (longestRun(folded) >= 5) return 'This code holds a row like 12345. Choose another.';
  const known = [...words, ...about.map(foldCode).filter((name) => name.length >= 4)];
  if (known.some((word) => folded.includes(word)))
    return 'This code holds a word that is easy to guess. Choose another.';
  return undefined;
}

/** Length of the longest row of neighbours up or down (`12345`, `EDCBA`). */
function longestRun(text: string): number {
  let [longest, up, down] = [1, 1, 1];
  for (let at = 1; at < text.length; at += 1) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
    up = step === 1 ? up + 1 : 1;
    down = step === -1 ? down + 1 : 1;
    longest = Math.max(longest, up, down);
  }
  return longest;
}
