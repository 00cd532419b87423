import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN_PASSWORD } from './installations.ts';
import { startProgram } from './own-program.ts';

type Pair = { certificate: string; key: string };
/** An installation of its own that speaks TLS, with its certificate in files that can be renewed. */
export type TlsInstallation = {
  url: string;
  renew(pair: Pair): Promise<void>;
  stop(): Promise<void>;
};

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
  const removed = () => rm(folder, { recursive: true, force: true });
  const stopProgram = await startProgram(
    'serve-installation.ts',
    {
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
    'Symbolon is ready',
  ).catch(async (error: unknown) => {
    await removed();
    throw error;
  });
  return { url: `https://localhost:${port}`, renew, stop: () => stopProgram().then(removed) };
}
