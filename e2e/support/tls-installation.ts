import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADMIN_PASSWORD } from './installations.ts';

type Pair = { certificate: string; key: string };
/** An installation of its own that speaks TLS, with its certificate in files that can be renewed. */
export type TlsInstallation = {
  url: string;
  renew(pair: Pair): Promise<void>;
  stop(): Promise<void>;
};

const START_MS = 120_000;

/** @param trusted PEM: an authority that this machine trusts beside the known ones */
export async function startTlsInstallation(
  port: number,
  first: Pair,
  trusted: string,
): Promise<TlsInstallation> {
  const folder = await mkdtemp(join(tmpdir(), 'symbolon-tls-'));
  const file = (name: string) => join(folder, name);
  const renew = async ({ certificate, key }: Pair) => {
    await writeFile(file('cert.pem'), certificate);
    await writeFile(file('key.pem'), key);
  };
  await renew(first);
  await writeFile(file('root.pem'), trusted);
  const serve = fileURLToPath(new URL('serve-installation.ts', import.meta.url));
  const installation = spawn(process.execPath, [serve], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      PORT: String(port),
      SYMBOLON_PUBLIC_URL: `https://localhost:${port}`,
      SYMBOLON_ADMIN_PASSWORD: ADMIN_PASSWORD,
      SYMBOLON_DEMO: '0',
      TLS_CERT_FILE: file('cert.pem'),
      TLS_KEY_FILE: file('key.pem'),
      NODE_EXTRA_CA_CERTS: file('root.pem'),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = new Promise<void>((resolve, reject) => {
    installation.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Symbolon is ready')) resolve();
    });
    installation.once('exit', (code) => reject(new Error(`The installation ended with ${code}.`)));
    setTimeout(() => reject(new Error('The installation did not start in time.')), START_MS).unref();
  });
  const stop = async () => {
    if (installation.exitCode === null) {
      installation.kill('SIGTERM');
      await once(installation, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  await ready.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url: `https://localhost:${port}`, renew, stop };
}
