import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { readTlsPair, servedTls, type TlsFiles, type TlsPair } from './tls-files.ts';

/** What is written into the log; pino's logger is one. */
type Log = { info(details: object, sentence: string): void; warn(details: object, sentence: string): void };

type Renewal = {
  server: Pick<Server, 'setSecureContext'>;
  /** The files, and what of them is in service. */
  tls: TlsFiles & TlsPair;
  log: Log;
  /** Milliseconds between two looks at the files. */
  everyMs?: number | undefined;
  /** Called after the files have changed and were taken (null) or refused (why). */
  onChange?: ((refusal: string | null) => void) | undefined;
};

const EVERY_MS = 5000;

/**
 * Serves what lies in the files as soon as it has changed and fits; connections that are open go on. A pair that
 * cannot be used leaves the former one in service, with a warning in the log.
 * @returns stops looking
 */
export function renewCertificate({ server, tls, log, everyMs = EVERY_MS, onChange }: Renewal): () => void {
  let served = fingerprint([tls.certificate, tls.key]);
  let refused: string | undefined;
  // A warning waits for one more look: certificate and key are often written one after the other.
  let suspected: string | undefined;

  const look = () => {
    const found = fingerprint([contents(tls.certificateFile), contents(tls.keyFile)]);
    if (found === served) {
      refused = undefined;
      suspected = undefined;
      return;
    }
    if (found === refused) return;
    try {
      const { certificate, key } = readTlsPair(tls);
      server.setSecureContext({ ...servedTls, cert: certificate, key });
    } catch (error) {
      if (found !== suspected) {
        suspected = found;
        return;
      }
      refused = found;
      const why = (error as Error).message;
      log.warn({ why }, 'The renewed certificate cannot be used; the former one stays in service');
      onChange?.(why);
      return;
    }
    served = found;
    refused = undefined;
    suspected = undefined;
    log.info({ certificateFile: tls.certificateFile }, 'The renewed certificate is in service');
    onChange?.(null);
  };

  // Looking by contents: fs.watch says nothing on network shares, and loses a file that is a link into a folder
  // which is swapped, as certbot and Kubernetes do.
  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** The file's octets, or why there are none. */
function contents(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    return `unreadable: ${(error as NodeJS.ErrnoException).code}`;
  }
}

const sha256 = (value: Buffer | string) => createHash('sha256').update(value).digest('hex');
const fingerprint = (files: (Buffer | string)[]): string => files.map(sha256).join(' ');
