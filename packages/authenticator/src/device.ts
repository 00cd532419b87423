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
 * What this program says of itself where its own dialect has words for it, and nothing else was asked for. The class is that
 * of the shipped definition «Symbolon Authenticator 1.x».
 */
const ownDevice: Device = {
  class: '7c3f0d52-6b1e-4f0a-9d3c-52f8a1e6b904',
  name: 'Command-line authenticator',
};

/** The device as it is told in the dialect of RFC 4758: what is not given is said as it is. */
export const introduced = ({ id, name, class: ofClass }: Device): Device => ({
  id,
  name: name ?? ownDevice.name,
  class: ofClass ?? ownDevice.class,
});

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
