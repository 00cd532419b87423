import { hash, verify } from '@node-rs/argon2';
import { FieldChecks } from '../lib/failure.ts';

// OWASP's second recommended setting for argon2id: 19 MiB, two passes.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'), cost);

/** Spent on an unknown user name, so that it takes as long as a known one. */
const nobody = hashPassword('nobody has this password');

/** Whether `password` fits; with no hash it takes as long and answers false. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(passwordHash ?? (await nobody), password.normalize('NFC'));
  return fits && passwordHash !== undefined;
}

const common = new Set([
  'password',
  'passwort',
  '1234567890',
  'qwertyuiop',
  'qwertzuiop',
  'administrator',
  'symbolon',
]);

/**
 * What a password must be: 10 to 256 characters, not one of the best known, not the user name, not one character
 * over and over. No rules on kinds of characters (NIST SP 800-63B §5.1.1.2).
 * @throws Failure InvalidInput at `path`
 */
export function checkPasswordStrength(password: string, userName: string, path: string): void {
  const plain = password.toLowerCase().replace(/[^a-z]+$|\d+$/, '');
  new FieldChecks()
    .require(password.length >= 10, path, 'password.too_short', 'A password has at least 10 characters.')
    .require(password.length <= 256, path, 'password.too_long', 'A password has at most 256 characters.')
    .require(
      !common.has(password.toLowerCase()) &&
        !common.has(plain) &&
        password.toLowerCase() !== userName.toLowerCase() &&
        new Set(password).size > 2,
      path,
      'password.guessable',
      'This password is easy to guess. Choose another.',
    )
    .done();
}
