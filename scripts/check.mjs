import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { generateWebTypes, printSchema } from './build.mjs';
import { captured, foreground } from './processes.mjs';
import { at } from './paths.mjs';
import { findNode, tool, withNode } from './pinned-node.mjs';
import { step } from './report.mjs';

/** Format, lint, house rules, types, schema drift and contract; answers the titles of what failed. */
export async function check() {
  const failed = [];
  const add = async (title, work) => {
    if (!(await step(title, work).catch((error) => report(title, error)))) failed.push(title);
  };
  await add('format', () => node(tool('@biomejs/biome', 'biome'), 'format', '.'));
  // The linter reads types, those of the web's documents too.
  await add('web types', generateWebTypes);
  await add('lint', () => node(tool('oxlint', 'oxlint'), '--type-aware', '--deny-warnings'));
  await add('house rules', () => node(at('scripts/check-house-rules.mjs')));
  await add('types', types);
  await add('schema drift', schemaDrift);
  await add('contract', contract);
  return failed;
}

/** Whether schema.graphql keeps what contract.graphql promises. */
export function contract() {
  return node(at('scripts/check-contract.mjs'));
}

function report(title, error) {
  console.log(`${error.message}\n== ${title}: FAILED`);
  return false;
}

async function node(...args) {
  return (
    (await foreground(findNode(), args, { env: withNode(), stdio: ['ignore', 'inherit', 'inherit'] })) === 0
  );
}

async function types() {
  const packages = readdirSync(at('packages')).map((name) => `packages/${name}`);
  const waiting = ['api', 'web', 'e2e', 'examples', ...packages].filter((folder) =>
    existsSync(at(folder, 'tsconfig.json')),
  );
  let good = true;
  const worker = async () => {
    for (let folder = waiting.shift(); folder; folder = waiting.shift()) {
      const { code, output } = await captured(findNode(), [tool('typescript', 'tsc'), '-p', folder], {
        env: withNode(),
      });
      console.log(`   ${folder}${code === 0 ? '' : `\n${output}`}`);
      good &&= code === 0;
    }
  };
  await Promise.all([worker(), worker()]);
  return good;
}

async function schemaDrift() {
  if (!existsSync(at('api/src/print-schema.ts'))) return true;
  if ((await printSchema()) === readFileSync(at('schema.graphql'), 'utf8')) return true;
  console.log('schema.graphql differs from the code. Run "npm run generate" and commit the result.');
  return false;
}
