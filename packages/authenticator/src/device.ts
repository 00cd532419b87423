import { AuthenticatorError } from './errors.ts';

/** What this device tells the server about itself; what is undefined is not told. */
export type Device = {
  /** Id of this one device. */
  id?: string | undefined;
  /** A name for people. */
  name?: string | undefined;
  /** Device class GUID. */
  class?: string | undefined;
};

/**
 * Checks that the server will read what it is told: it drops texts over 200 characters or with control characters.
 * @throws AuthenticatorError DEVICE_UNUSABLE
 */
export function checkDevice(device: Device): void {
  for (const [name, text] of Object.entries(device)) {
    if (text !== undefined && !/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u.test(text)) {
      const message = `The device ${name} must be 1 to 200 characters, without control characters.`;
      throw new AuthenticatorError('DEVICE_UNUSABLE', message);
    }
  }
}
