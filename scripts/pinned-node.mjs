import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { at } from './paths.mjs';
import { Refused } from './report.mjs';

let found = '';

/** The Node that runs our sources: the pinned one of node_modules, else the person's own when it is new enough. */
export function findNode() {
  if (found) return found;
  const pinned = at('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  for (const candidate of [pinned, process.execPath]) {
    if (majorOf(candidate) >= 24) return (found = candidate);
  }
  throw new Refused(
    `Symbolon runs on Node 24, which could not be installed for ${process.platform}-${process.arch}; this is ${process.versions.node}. Install Node 24 from https://nodejs.org and run the same command again.`,
  );
}

function majorOf(node) {
  try {
    return Number(
      execFileSync(node, ['-p', 'process.versions.node'], { stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .split('.')[0],
    );
  } catch {
    return 0;
  }
}

/** An environment in which `node` means the pinned one. */
export function withNode(env = {}) {
  return { ...env, PATH: `${dirname(findNode())}${delimiter}${process.env.PATH ?? ''}` };
}

/** The script behind a tool's command, to be run with `findNode()`: no shell shim in between, so signals arrive. */
export function tool(packageName, command, workspace = '.') {
  const folder = at(workspace, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  return `${folder}/${typeof bin === 'string' ? bin : bin[command]}`;
}
