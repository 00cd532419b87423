import { expect } from '@playwright/test';
import { type MailServer, type ReceivedMail, startMailServer } from '../../api/test/mail-server.ts';
import type { Person } from './admin-api.ts';

/** A real SMTP server on loopback that a test can stop and start; what arrived stays. */
export class MailBox {
  readonly #port: number;
  readonly #arrived: ReceivedMail[] = [];
  #server: MailServer | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async start(): Promise<void> {
    this.#server ??= await startMailServer(this.#port);
  }

  async stop(): Promise<void> {
    if (this.#server) this.#arrived.push(...this.#server.mails);
    await this.#server?.close();
    this.#server = undefined;
  }

  /** All mails to a person so far, oldest first. */
  to({ email }: Person): ReceivedMail[] {
    return [...this.#arrived, ...(this.#server?.mails ?? [])].filter(({ recipients }) =>
      recipients.includes(email),
    );
  }

  /** The mail to a person whose subject has these words, once it has arrived. */
  async find(person: Person, subject: RegExp): Promise<ReceivedMail> {
    const found = () => this.to(person).find((mail) => subject.test(mail.subject ?? ''));
    await expect.poll(found, { message: `a mail to ${person.userName} about ${subject}` }).toBeTruthy();
    return found()!;
  }
}
