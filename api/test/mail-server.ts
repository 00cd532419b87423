import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived: parsed, and as the wire carried it. */
export type ReceivedMail = ParsedMail & { raw: string; recipients: string[] };

/** A real SMTP server on loopback that keeps what it gets. */
export type MailServer = {
  url: string;
  mails: ReceivedMail[];
  /** The newest mail to an address, once it is there. */
  newestTo(address: string): ReceivedMail | undefined;
  /** Answers this to the next mails: an SMTP status of 400 or more. */
  refuse(status: number | undefined): void;
  close(): Promise<void>;
};

/** @param port default: a free one; the same again for a server that comes back */
export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let refusal: number | undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refusal) {
          done(Object.assign(new Error('Refused by the test'), { responseCode: refusal }));
          return;
        }
        const raw = Buffer.concat(chunks);
        simpleParser(raw).then((mail) => {
          const recipients = session.envelope.rcptTo.map(({ address }) => address);
          mails.push(Object.assign(mail, { raw: raw.toString(), recipients }));
          done();
        }, done);
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  server.on('error', () => undefined);
  const address = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    newestTo: (to) => mails.findLast(({ recipients }) => recipients.includes(to)),
    refuse: (status) => {
      refusal = status;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
