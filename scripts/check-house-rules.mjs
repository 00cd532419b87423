// House rules that the linter cannot say: names and sizes of files, and the clock of features.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { at, ROOT } from './paths.mjs';
import { loud } from './report.mjs';

const MAX_LINES = 400;
const SKIPPED_FOLDERS = ['node_modules', 'dist', 'gql', 'migrations', 'samples', 'data', 'results', '.cache'];
const FORBIDDEN_NAMES = /^(utils?|helpers?|misc|common|index)\.(ts|tsx|mjs)$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|spec|config|d|bench|gen|setup|lazy|interop))*\.(ts|mjs)$/;
const PASCAL = /^[A-Z][A-Za-z0-9]*(\.test)?\.tsx$/;
// The router names its files after paths, and the entry files of the web have no component to be named after.
const ROUTE_OR_ENTRY = /^web\/src\/(routes\/.*|main|router)\.tsx?$/;

/** What must not stand in a file, by the folder it counts for. Tests are free. */
const TEXT_RULES = [
  {
    under: /^api\/src\/features\//,
    pattern: /\bnew Date\(\s*\)/,
    message: 'Time comes from deps.clock, not from new Date().',
  },
  {
    under: /^api\/src\/features\//,
    pattern: /\bnow\(\)(?=[^'"]*`)/,
    message: 'SQL gets the clock as a value, not now().',
  },
  {
    under: /^packages\/(ct-kip|tokencode|token-files)\/src\//,
    pattern: /\bnew Date\(\s*\)/,
    message: 'now comes in as an argument.',
  },
];

const complaints = [];

for (const top of ['api', 'web', 'e2e', 'packages', 'scripts']) walk(at(top));
for (const complaint of complaints) loud(complaint);
if (complaints.length > 0) process.exitCode = 1;

function walk(folder) {
  for (const entry of safeList(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !SKIPPED_FOLDERS.includes(entry.name)) walk(path);
    if (entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name)) checkFile(relative(ROOT, path));
  }
}

function safeList(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function checkFile(path) {
  const name = basename(path);
  if (name.endsWith('.gen.ts')) return;
  if (FORBIDDEN_NAMES.test(name) && !ROUTE_OR_ENTRY.test(path)) {
    complaints.push(`${path}: name the file after what it holds.`);
  } else if (!ROUTE_OR_ENTRY.test(path) && !KEBAB.test(name) && !PASCAL.test(name)) {
    complaints.push(`${path}: kebab-case for .ts, PascalCase for .tsx.`);
  }
  const lines = readFileSync(at(path), 'utf8').split('\n');
  if (lines.length > MAX_LINES + 1)
    complaints.push(`${path}: ${lines.length - 1} lines; split it (${MAX_LINES} at most).`);
  if (/\.test\.tsx?$/.test(name)) return;
  const rules = TEXT_RULES.filter(({ under }) => under.test(path));
  for (const [index, line] of lines.entries()) {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) continue;
    for (const { pattern, message } of rules) {
      if (pattern.test(line)) complaints.push(`${path}:${index + 1}: ${message}`);
    }
  }
}
