import { existsSync, readFileSync } from 'node:fs';
import { buildWeb, generate, generateWebTypes, program } from './build.mjs';
import { check, contract } from './check.mjs';
import { at } from './paths.mjs';
import { findNode, tool, withNode } from './pinned-node.mjs';
import { foregroundAll } from './processes.mjs';
import { Refused } from './report.mjs';
import { test } from './test.mjs';

// An import of 100,000 tokens then stays below 300 MiB instead of 470, in the same time; lists lose nothing.
const SMALL = { flags: JSON.parse(readFileSync(at('scripts', 'engine-flags.json'), 'utf8')) };

/** Runs a verb and answers the exit code. */
export async function run(verb, args) {
  switch (verb) {
    case 'start':
    case 'serve':
      await buildWeb();
      return program('api/src/main.ts', [verb, ...args], SMALL);
    case 'work':
    case 'migrate':
      return program('api/src/main.ts', [verb, ...args], SMALL);
    case 'authenticator':
      return program('packages/authenticator/src/main.ts', args);
    case 'web-tier':
      return program('packages/web-tier/src/main.ts', args);
    case 'bench':
      if (!existsSync(at('api/bench/main.ts'))) throw new Refused('There is no bench yet.');
      return program('api/bench/main.ts', args);
    case 'generate':
      await generate();
      return 0;
    case 'contract':
      return (await contract()) ? 0 : 1;
    case 'check':
      return (await check()).length === 0 ? 0 : 1;
    case 'test':
      return test(args);
    case 'dev':
      return dev();
    default:
      throw new Refused(`There is no "${verb}".`);
  }
}

async function dev() {
  await generateWebTypes();
  const node = findNode();
  const env = withNode();
  return foregroundAll([
    { program: node, args: ['--watch', at('api/src/main.ts'), 'start'], env },
    { program: node, args: [tool('vite', 'vite', 'web')], cwd: at('web'), env },
  ]);
}
