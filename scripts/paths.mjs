import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Stamps and reports of these scripts; goes away with node_modules, which is right. */
export const STATE = join(ROOT, 'node_modules', '.symbolon');

/** A path in the checkout. */
export function at(...parts) {
  return join(ROOT, ...parts);
}

/** A hash over the names and contents of files and folders; a path that is missing counts as missing. */
export function hashOf(paths, skip = []) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (skip.some((name) => path === at(name)) || path.endsWith('node_modules')) return;
    if (!existsSync(path)) return void hash.update(`missing ${path}\n`);
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(`${path}\n`).update(readFileSync(path)).update('\n');
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}

/** The text of a small file, '' when there is none. */
export function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Writes a small file and the folder for it. */
export function writeStamp(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * The environment for npm, pnpm and what they start. A home that is missing or not ours to write (a service account,
 * a container with a strange user) is replaced by a folder of the checkout: npm's caches need one.
 */
export function environment(extra = {}) {
  const home = process.env.HOME;
  const env = { ...process.env, ...extra };
  if (process.platform !== 'win32' && !isWritableFolder(home)) {
    env.HOME = at('.cache', 'home');
    mkdirSync(env.HOME, { recursive: true });
    for (const name of ['XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'])
      delete env[name];
  }
  return env;
}

function isWritableFolder(path) {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
