import { join } from 'node:path';
import { test as base, type BrowserContext, expect, type Page } from '@playwright/test';
import { AdminApi, type MadeToken, type Person, type Profile } from './admin-api.ts';
import { ADMIN_PASSWORD, mailPort, PORTS, publicUrl } from './installations.ts';
import { MailBox } from './mail-box.ts';
import { Phone } from './phone.ts';

/** Words that a console message may hold without failing the test; for what a test provokes. */
type Console = { allow(words: RegExp): void; watch(context: BrowserContext): void };

type TestFixtures = {
  browserConsole: Console;
  /** Moves the installation's clock for the rest of the test. */
  moveClock: (offsetSeconds: number) => Promise<void>;
  phone: Phone;
  otherPhone: Phone;
};
type WorkerFixtures = {
  port: number;
  api: AdminApi;
  qrProfile: Profile;
  urlProfile: Profile;
  /** The server that gets the installation's mail; each test begins with it running. */
  mail: MailBox;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  port: [
    async ({ browserName: _ }, use, info) => use(PORTS[info.parallelIndex] ?? PORTS[0]),
    { scope: 'worker' },
  ],
  api: [
    async ({ port }, use) => {
      const api = new AdminApi(port);
      await api.moveClock(0);
      await api.signIn('admin', ADMIN_PASSWORD);
      await use(api);
    },
    { scope: 'worker' },
  ],
  qrProfile: [async ({ api }, use) => use(await api.makeProfile('CT_KIP_QR')), { scope: 'worker' }],
  urlProfile: [async ({ api }, use) => use(await api.makeProfile('CT_KIP_URL')), { scope: 'worker' }],
  mail: [
    async ({ port }, use) => {
      const box = new MailBox(mailPort(port));
      await box.start();
      await use(box);
      await box.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ port }, use) => use(publicUrl(port)),
  browserConsole: [
    async ({ context }, use) => {
      const said: string[] = [];
      const allowed: RegExp[] = [];
      const watch = (watched: BrowserContext) => {
        watched.on('console', (message) => {
          if (message.type() === 'error') said.push(`${message.text()} (${message.location().url})`);
        });
        watched.on('weberror', (error) => said.push(String(error.error())));
      };
      watch(context);
      await use({ allow: (words) => void allowed.push(words), watch });
      const unexpected = said.filter((text) => !allowed.some((words) => words.test(text)));
      expect(unexpected, 'errors in the browser’s console').toEqual([]);
    },
    { auto: true },
  ],
  moveClock: async ({ api }, use) => {
    await use((offsetSeconds) => api.moveClock(offsetSeconds));
    await api.moveClock(0);
  },
  phone: async ({ browserName: _ }, use, info) => use(new Phone(join(info.outputPath(), 'phone.json'))),
  otherPhone: async ({ browserName: _ }, use, info) =>
    use(new Phone(join(info.outputPath(), 'other-phone.json'))),
});

export { expect };
export type { MadeToken, Person, Profile };

/** A refused request is an error in Chromium's console; tests that provoke one allow it. */
export const REFUSED_REQUEST = /status of 40[0139]|status of 429/;

/** `000123456789` as screens show it. */
export const grouped = (serialNumber: string): string => serialNumber.replace(/(.{4})(?=.)/g, '$1 ');

/** Signs in through the screen and waits until the person has left it. */
export async function signIn(page: Page, userName: string, password: string, next = ''): Promise<void> {
  await page.goto(next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in');
  await page.getByLabel('User name').fill(userName);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

export const signInAs = (page: Page, { userName, password }: Person, next?: string): Promise<void> =>
  signIn(page, userName, password, next);

/** Signs in as the first administrator. */
export const signInAsAdmin = (page: Page, next?: string): Promise<void> =>
  signIn(page, 'admin', ADMIN_PASSWORD, next);

export const activatePath = ({ serialNumber }: MadeToken): string => `/my/tokens/${serialNumber}/activate`;

/** Types a tokencode into its boxes; the last digit sends it. */
export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Digit 1 of').click();
  await page.keyboard.type(code);
}
