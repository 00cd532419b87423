import type { Locator } from '@playwright/test';
import { importToken, tokencode } from '@symbolon/authenticator/authenticator';
import { AuthenticatorError } from '@symbolon/authenticator/errors';
import { readQrPng } from '@symbolon/authenticator/qr-image';

const passphrase = 'a phone of the tests';

/** The second device: the authenticator of the house, with its tokens in one sealed file. */
export class Phone {
  readonly #store: string;

  constructor(store: string) {
    this.#store = store;
  }

  /** Reads the QR code off the pixels of the screen. */
  static async read(qr: Locator): Promise<string> {
    return readQrPng(await qr.screenshot());
  }

  /** Scans the QR code on the screen and takes the token by CT-KIP; answers its serial number. */
  async scan(qr: Locator): Promise<string> {
    return this.follow(await Phone.read(qr));
  }

  /** Takes a token by an activation link, or by an address and a code. */
  async follow(link: string, activationCode?: string): Promise<string> {
    const token = await importToken({
      link,
      activationCode,
      store: this.#store,
      passphrase,
      device: { name: 'Pocket phone' },
      now: Date.now,
      cost: { N: 1024, r: 8, p: 1 },
    });
    return token.serialNumber;
  }

  /** Why the server refuses a link; throws when it does not. */
  async refusalOf(link: string): Promise<string> {
    const error: unknown = await this.follow(link).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof AuthenticatorError) return error.code;
    throw error ?? new Error('The phone was not refused.');
  }

  /** The code that the app shows, so many seconds from now. */
  async code(serialNumber: string, inSeconds = 0): Promise<string> {
    const at = Math.floor(Date.now() / 1000) + inSeconds;
    return (await tokencode({ store: this.#store, passphrase, serialNumber, at })).tokencode;
  }
}
