import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Whether a person can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true;
}

/**
 * Asks on the terminal (question on stderr, so that stdout stays clean). Ctrl-C ends the program with code 130;
 * Ctrl-D answers ''.
 * @param options.echo false for what nobody should read over a shoulder
 */
export async function ask(question: string, options: { echo: boolean }): Promise<string> {
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: options.echo ? process.stderr : muted,
    terminal: true,
    historySize: 0,
  });
  lines.on('SIGINT', () => {
    process.stderr.write('\n');
    process.exit(130);
  });
  try {
    if (!options.echo) process.stderr.write(question);
    return await lines.question(options.echo ? question : '');
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return '';
    throw error;
  } finally {
    lines.close();
    if (!options.echo) process.stderr.write('\n');
  }
}
