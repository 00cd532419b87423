import { readTextFile, tryWriting, withFileLock, writeTextFile } from './atomic-file.ts';
import { AuthenticatorError } from './errors.ts';
import { damaged, newSealKey, type ScryptCost, type SealKey, seal, unseal } from './sealed-file.ts';
import { groupSerialNumber } from './serial-number.ts';

/** A token on this device. */
export type StoredToken = {
  algorithm: 'SECURID' | 'TOTP';
  /** SECURID: 12 decimal digits; TOTP: 1 to 40 characters. */
  serialNumber: string;
  /** 16 bytes for SECURID. */
  seed: Uint8Array;
  digits: 6 | 8;
  intervalSeconds: 30 | 60;
  /** Last day in UTC, `YYYY-MM-DD`; undefined when the server named none. */
  expiresOn: string | undefined;
  /** Whether the app is to add the PIN into the code before it is typed. */
  addsPin: boolean;
  /** Who the server says it is, and whose token this is; '' when it did not say. */
  serviceName: string;
  userName: string;
  /** Address of the service that this token was agreed on with. */
  serviceUrl: string;
  /** RFC 3339, by this device's clock. */
  activatedAt: string;
};

/** The opened token store: one sealed file. Changes are read, made and written under a lock. */
export type TokenStore = {
  readonly file: string;
  /** The tokens as they were at the opening or after the last change, by serial number. */
  tokens(): readonly StoredToken[];
  /** Makes sure, by trying, that a token can be stored. @throws AuthenticatorError STORE_IO */
  tryWriting(): Promise<void>;
  /** @throws AuthenticatorError ALREADY_HELD (nothing is changed), STORE_IO, STORE_BUSY */
  add(token: StoredToken): Promise<void>;
  /** @throws AuthenticatorError NO_SUCH_TOKEN, STORE_IO, STORE_BUSY */
  remove(serialNumber: string): Promise<void>;
};

/**
 * Opens the sealed file, or starts an empty store that comes to the disk with its first token.
 * @param input.cost scrypt's cost for a new file; an existing one keeps its own
 * @throws AuthenticatorError PASSPHRASE_WRONG, STORE_DAMAGED, STORE_IO
 */
export async function openTokenStore(input: {
  file: string;
  passphrase: string;
  cost?: ScryptCost | undefined;
}): Promise<TokenStore> {
  const { file, passphrase } = input;
  let { tokens, key } = await load(file, passphrase);

  const change = (make: (held: StoredToken[]) => StoredToken[]) =>
    withFileLock(file, async () => {
      const now = await load(file, passphrase, key);
      const changed = make(now.tokens);
      key = now.key ?? key ?? (await newSealKey(passphrase, input.cost));
      await writeTextFile(file, seal(serialise(changed), key));
      tokens = changed;
    });

  return {
    file,
    tokens: () => tokens,
    tryWriting: () => tryWriting(file),
    add: (token) =>
      change((held) => {
        if (held.some(({ serialNumber }) => serialNumber === token.serialNumber))
          throw alreadyHeld(token.serialNumber);
        return [...held, token].sort((one, other) => (one.serialNumber < other.serialNumber ? -1 : 1));
      }),
    remove: (serialNumber) =>
      change((held) => {
        const left = held.filter((token) => token.serialNumber !== serialNumber);
        if (left.length === held.length) throw noSuchToken(serialNumber);
        return left;
      }),
  };
}

/** NO_SUCH_TOKEN with its sentence. */
export function noSuchToken(serialNumber: string): AuthenticatorError {
  const message = `This authenticator holds no token ${groupSerialNumber(serialNumber)}.`;
  return new AuthenticatorError('NO_SUCH_TOKEN', message);
}

function alreadyHeld(serialNumber: string): AuthenticatorError {
  const shown = groupSerialNumber(serialNumber);
  return new AuthenticatorError(
    'ALREADY_HELD',
    `This authenticator already holds token ${shown}; the new seed was not stored, and the old one is unchanged. ` +
      `The server has used up the activation code. Remove the old one with «remove ${serialNumber}», ` +
      'then get a new QR code and import that.',
  );
}

async function load(
  file: string,
  passphrase: string,
  known?: SealKey,
): Promise<{ tokens: StoredToken[]; key: SealKey | undefined }> {
  const text = await readTextFile(file);
  if (text === undefined) return { tokens: [], key: undefined };
  const { plain, key } = await unseal(text, passphrase, known);
  return { tokens: deserialise(plain), key };
}

function serialise(tokens: StoredToken[]): string {
  return JSON.stringify({
    tokens: tokens.map((token) => ({ ...token, seed: Buffer.from(token.seed).toString('base64') })),
  });
}

function deserialise(plain: string): StoredToken[] {
  try {
    const { tokens } = JSON.parse(plain) as { tokens: (Omit<StoredToken, 'seed'> & { seed: string })[] };
    return tokens.map((token) => ({
      ...token,
      // Stores of before there was TOTP name no algorithm.
      algorithm: token.algorithm ?? 'SECURID',
      expiresOn: token.expiresOn,
      seed: Uint8Array.from(Buffer.from(token.seed, 'base64')),
    }));
  } catch (cause) {
    throw damaged('its content has another form than this program writes', cause);
  }
}
