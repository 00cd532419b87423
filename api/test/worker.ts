import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { testMasterKey } from './kit.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const FLAGS = new URL('../../scripts/engine-flags.json', import.meta.url);

/** What `npm start` and `npm run work` tell the engine. */
const flags = JSON.parse(readFileSync(FLAGS, 'utf8')) as string[];

/** `npm run work` on a test's database, as a process of its own; whoever starts it ends it. */
export function startWorker(databaseUrl: string): ChildProcess {
  return spawn(process.execPath, [...flags, MAIN, 'work'], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl,
      SYMBOLON_MASTER_KEY: testMasterKey,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
