import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const START_MS = 120_000;

/**
 * Starts one of our programs for a test that needs it as it alone is set up.
 * @param file relative to this folder
 * @param ready what it prints when it serves
 * @returns how to stop it
 */
export async function startProgram(
  file: string,
  env: Record<string, string>,
  ready: string,
): Promise<() => Promise<void>> {
  const program = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    if (program.exitCode !== null) return;
    program.kill('SIGTERM');
    await once(program, 'exit');
  };
  await new Promise<void>((resolve, reject) => {
    program.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes(ready)) resolve();
    });
    program.once('exit', (code) => reject(new Error(`${file} ended with ${code}.`)));
    setTimeout(() => reject(new Error(`${file} did not start in time.`)), START_MS).unref();
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return stop;
}
