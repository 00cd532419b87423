import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { unique } from '../support/admin-api.ts';
import { publicUrl } from '../support/installations.ts';
import { expect, test } from '../support/test.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const PERMISSIONS = ['USERS_MANAGE', 'PROFILES_READ', 'TOKENS_READ', 'TOKENS_MANAGE', 'TOKENS_DISTRIBUTE'];
const isMissing = ['curl', 'jq'].some((name) => spawnSync(name, ['--version']).error !== undefined);

/** The lines that a program prints, as they come. */
async function* linesOf(program: ChildProcess) {
  for await (const line of createInterface({ input: program.stdout! })) yield line;
}

for (const [what, command, isSkipped] of [
  ['the TypeScript program', [process.execPath, 'provision.ts'], false],
  ['the script with curl', ['bash', 'provision.sh'], isMissing],
] as const) {
  test(`An integrator’s example makes a user, distributes, and watches: ${what}`, async ({
    api,
    port,
    urlProfile,
    qrProfile,
    phone,
  }) => {
    if (isSkipped) console.warn('SKIPPED: curl or jq is not installed.');
    test.skip(isSkipped, 'curl or jq is not installed');
    const { key } = await api.run<{ key: string }>(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
        ... on UserError { message } ... on CreateApiKeySuccess { key } } }`,
      { input: { name: `Example ${unique()}`, permissions: PERMISSIONS } },
    );
    const userName = `new.${unique()}`;
    const [file, ...args] = command;
    const run = (...more: string[]) =>
      spawn(file, [...args, ...more], {
        cwd: folder,
        env: { PATH: process.env['PATH'], SYMBOLON_URL: publicUrl(port), SYMBOLON_KEY: key },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    const program = run(userName, urlProfile.name);
    const said: string[] = [];
    program.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const ended = once(program, 'exit');
    const after = (word: string) => said.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
    for await (const line of linesOf(program)) {
      said.push(line);
      if (line === 'OPEN') await phone.follow(after('URL')!, after('Code'));
    }
    expect(await ended, said.join('\n')).toEqual([0, null]);
    expect(after('User')).toMatch(new RegExp(`^${userName}, first password .{10,}`));
    expect(said.at(-1)).toBe('ACTIVATED on Pocket phone');

    const again = run(userName, urlProfile.name);
    let why = '';
    again.stderr.on('data', (chunk: Buffer) => (why += chunk.toString()));
    const [code] = await once(again, 'exit');
    expect(code).not.toBe(0);
    expect(why).toContain('is taken');

    const byQr = run(`qr.${unique()}`, qrProfile.name);
    why = '';
    byQr.stderr.on('data', (chunk: Buffer) => (why += chunk.toString()));
    expect((await once(byQr, 'exit'))[0]).toBe(1);
    expect(why).toContain(`There is no profile «${qrProfile.name}» that delivers by URL.`);
  });
}
