import { existsSync, readdirSync, rmSync } from 'node:fs';
import { captured } from './processes.mjs';
import { at, hashOf, readStamp, writeStamp } from './paths.mjs';
import { loud, Refused, seconds } from './report.mjs';

const PNPM = 'pnpm@12.21.0';
const STAMP = at('node_modules', '.symbolon-install');
const UNDERWAY = at('.cache', 'install-underway');

/** Installs the locked packages unless they are there already. `quiet` says nothing when all goes well. */
export async function install({ quiet }) {
  const wanted = `${hashOf(describingFiles())} ${process.platform}-${process.arch}`;
  if (readStamp(STAMP) === wanted && !existsSync(UNDERWAY)) return;
  const started = performance.now();
  if (!quiet) loud('Installing packages (about a minute the first time).');
  const interrupted = existsSync(UNDERWAY);
  rmSync(STAMP, { force: true });
  writeStamp(UNDERWAY, String(process.pid));
  let result = await pnpmInstall();
  if (result.code !== 0 && interrupted) {
    // What a killed install left can stand in the way of the next one.
    removeModules();
    result = await pnpmInstall();
  }
  if (result.code !== 0) throw failure(result);
  writeStamp(STAMP, wanted);
  rmSync(UNDERWAY, { force: true });
  if (!quiet) loud(`Installed in ${seconds(started)}.`);
}

function pnpmInstall() {
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  // CI: nothing may ask a question here.
  return captured(npx, ['--yes', PNPM, 'install', '--frozen-lockfile'], { env: { CI: 'true' } });
}

function workspaces() {
  const packages = existsSync(at('packages'))
    ? readdirSync(at('packages')).map((name) => `packages/${name}`)
    : [];
  return ['.', 'api', 'web', 'e2e', ...packages];
}

function describingFiles() {
  const manifests = workspaces().map((folder) => at(folder, 'package.json'));
  return [at('pnpm-lock.yaml'), at('pnpm-workspace.yaml'), ...manifests.filter(existsSync)];
}

function removeModules() {
  for (const folder of workspaces()) rmSync(at(folder, 'node_modules'), { recursive: true, force: true });
}

function failure({ code, output }) {
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/Unsupported engine|^Progress:/.test(line));
  const missing =
    code === 127 ? 'npx was not found; it comes with npm' : 'the packages could not be installed';
  return new Refused(
    `${lines.slice(-25).join('\n')}\n\nSymbolon did not start: ${missing}. Check the network (and the proxy settings of npm), then run the same command again.`,
  );
}
