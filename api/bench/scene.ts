import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import type { TestApi } from '../test/kit.ts';
import { tokens as tokenTable } from '../src/features/tokens/table.ts';
import { assignTokens } from '../src/features/tokens/assign-tokens.ts';
import { generateTokens } from '../src/features/tokens/generate-tokens.ts';
import { users } from '../src/features/users/table.ts';
import { newId } from '../src/lib/random.ts';

/** Users that cannot sign in (no password is hashed for them), with a token each. */
export async function ownersWithTokens(
  api: TestApi,
  count: number,
  algorithm: 'SECURID' | 'TOTP' = 'SECURID',
) {
  const { deps, system } = api;
  const owners = Array.from({ length: count }, () => {
    const id = newId(deps);
    const userName = `u${id.replaceAll('-', '')}`;
    return { id, userName };
  });
  for (let at = 0; at < count; at += 500) {
    await deps.db.insert(users).values(
      owners.slice(at, at + 500).map((owner) => ({
        ...owner,
        userNameKey: owner.userName,
        givenName: 'Bench',
        familyName: 'Person',
        passwordHash: '',
        mustChangePassword: false,
        createdAt: deps.clock.now(),
      })),
    );
  }
  const made = [];
  for (let at = 0; at < count; at += 1000) {
    const batch = Math.min(1000, count - at);
    made.push(...(await generateTokens(system, { count: batch, algorithm, expiresOn: '2030-12-31' })));
  }
  await Promise.all(
    made.map((token, at) => assignTokens(system, { userId: owners[at]!.id, tokenIds: [token.id] })),
  );
  await deps.db.execute(sql`ANALYZE`);
  return made.map((token, at) => ({ owner: owners[at]!, token: token as typeof tokenTable.$inferSelect }));
}

/** One of our programs as a process of its own, with its own share of the machine. */
export async function program(
  file: string,
  env: Record<string, string>,
  ready: (port: number) => Promise<boolean>,
) {
  const port = Number(env['PORT']);
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, 'serve'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let tries = 0; !(await ready(port).catch(() => false)); tries += 1) {
    if (tries > 200) throw new Error(`${file} did not start.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
}
