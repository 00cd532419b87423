import pino, { type Logger } from 'pino';

export type Log = Logger;

/**
 * Structured lines on stdout. Nothing that holds a secret is handed to the logger; the redaction is a second net
 * for the header and field names that could carry one.
 */
export function createLog(level: string): Log {
  return pino({
    level,
    redact: {
      paths: ['password', 'passcode', 'seed', 'code', 'activationCode', 'authorization', 'cookie'].flatMap(
        (name) => [name, `*.${name}`, `*.*.${name}`],
      ),
      censor: '[redacted]',
    },
  });
}
