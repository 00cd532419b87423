// A new installation for the tests: its data lies in the system's temp folder and is gone afterwards.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'symbolon-e2e-'));
// For root the database runs under another account, which must be able to enter.
chmodSync(folder, 0o755);
const main = fileURLToPath(new URL('../../api/src/main.ts', import.meta.url));
const api = spawn(process.execPath, [main, 'start'], {
  env: { ...process.env, SYMBOLON_DATA_DIR: join(folder, 'data') },
  stdio: ['ignore', 'inherit', 'inherit'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => api.kill('SIGTERM'));
api.on('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});
