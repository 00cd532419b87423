// The one door of every `npm run …`: installs what is missing, finds the pinned Node and runs the verb with it.
// Plain JavaScript, because it must run on whatever Node the person has before anything is installed.
import { install } from './install.mjs';
import { findNode } from './pinned-node.mjs';
import { loud } from './report.mjs';

const [verb = '', ...args] = process.argv.slice(2);
const VERBS = [
  'start',
  'serve',
  'work',
  'migrate',
  'authenticator',
  'web-tier',
  'dev',
  'check',
  'test',
  'bench',
  'generate',
  'contract',
];

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    `Symbolon needs Node 20 or newer, and this is ${process.versions.node}. Install a newer one from https://nodejs.org and run the same command again.`,
  );
}
if (!VERBS.includes(verb)) fail(`There is no "${verb}". Known: npm run ${VERBS.join(', ')}.`);

try {
  await install({ quiet: verb === 'authenticator' || verb === 'contract' });
  findNode();
  // Loaded late: these may use what was just installed.
  const { run } = await import('./verbs.mjs');
  process.exitCode = await run(verb, args);
} catch (error) {
  if (error instanceof Error && error.name !== 'Refused') throw error;
  fail(error.message);
}

function fail(sentence) {
  loud(sentence);
  process.exit(1);
}
