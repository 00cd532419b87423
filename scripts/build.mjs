import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { captured, foreground } from './processes.mjs';
import { at, hashOf, readStamp, STATE, writeStamp } from './paths.mjs';
import { findNode, tool, withNode } from './pinned-node.mjs';
import { loud, Refused, seconds } from './report.mjs';

const LOCK = at('pnpm-lock.yaml');
const GENERATED = ['web/dist', 'web/src/gql'];

/** The schema as the code says it. */
export async function printSchema() {
  const { code, stdout, output } = await captured(findNode(), ['api/src/print-schema.ts'], {
    env: withNode(),
  });
  if (code !== 0) throw new Refused(`${output}\nThe schema could not be printed from api/src.`);
  return stdout;
}

/** Writes schema.graphql anew, then the web's types. */
export async function generate() {
  writeFileSync(at('schema.graphql'), await printSchema());
  await generateWebTypes({ always: true });
}

/** Types for the web's GraphQL documents, when schema or documents have changed. */
export async function generateWebTypes({ always = false } = {}) {
  if (!existsSync(at('web', 'codegen.ts'))) return;
  const sources = [at('web', 'codegen.ts'), at('web', 'src'), at('schema.graphql'), LOCK];
  await ifChanged('web-types', sources, always || !existsSync(at('web', 'src', 'gql')), async () => {
    const codegen = tool('@graphql-codegen/cli', 'graphql-codegen', 'web');
    await quietly([codegen, '--config', 'codegen.ts'], 'The types of the web could not be made.');
  });
}

/** The consoles, when their sources have changed. */
export async function buildWeb() {
  if (!existsSync(at('web', 'index.html'))) return;
  await generateWebTypes();
  const sources = [at('web'), at('schema.graphql'), LOCK];
  await ifChanged('web-build', sources, !existsSync(at('web', 'dist', 'index.html')), async () => {
    const started = performance.now();
    loud('Building the consoles.');
    const vite = tool('vite', 'vite', 'web');
    await quietly([vite, 'build'], 'The consoles could not be built.');
    await quietly(
      [vite, 'build', '--config', 'explorer/vite.config.ts'],
      'The API explorer could not be built.',
    );
    loud(`Built in ${seconds(started)}.`);
  });
}

async function ifChanged(name, sources, always, work) {
  const stamp = `${STATE}/${name}`;
  // Tests do not change what is built; leaving them out saves builds.
  const hash = () => hashOf(sources, [...GENERATED, 'web/test']);
  if (!always && readStamp(stamp) === hash()) return;
  rmSync(stamp, { force: true });
  await work();
  writeStamp(stamp, hash());
}

async function quietly(args, sentence) {
  const { code, output } = await captured(findNode(), args, {
    cwd: at('web'),
    env: withNode({ CI: 'true' }),
  });
  if (code !== 0) throw new Refused(`${output.trim()}\n${sentence}`);
}

/** Runs one of our TypeScript programs with the pinned Node, as the foreground program. */
export function program(file, args = [], options = {}) {
  return foreground(findNode(), [...(options.flags ?? []), at(file), ...args], {
    env: withNode(options.env),
  });
}
