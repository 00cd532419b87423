import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildWeb } from './build.mjs';
import { check } from './check.mjs';
import { foreground } from './processes.mjs';
import { at, STATE } from './paths.mjs';
import { findNode, tool, withNode } from './pinned-node.mjs';
import { loud, seconds, step } from './report.mjs';
import { installPrograms, prepareBrowser } from './system-packages.mjs';

/** Everything that must hold, one heading each, and one closing line. */
export async function test() {
  const started = performance.now();
  mkdirSync(STATE, { recursive: true });
  const absent = await installPrograms();
  const failed = await check();
  const counts = [];
  const add = async (title, work) => {
    const good = await step(title, work).catch((error) => {
      loud(`${error.message}\n== ${title}: FAILED`);
      return false;
    });
    if (!good) failed.push(title);
    return good;
  };
  await add('unit and integration tests', async () => {
    const { good, count } = await vitest();
    counts.push(count);
    return good;
  });
  const built = await add('web build', async () => (await buildWeb(), true));
  if (built && hasE2e()) {
    await add('browser tests', async () => {
      const { good, count } = await playwright();
      counts.push(count);
      return good;
    });
  }
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
  // A step that failed without a failing test (format, types, a crash) counts as one.
  const others = failed.filter((title) => !title.endsWith('tests')).length;
  console.log(
    failed.length === 0
      ? `\nAll good in ${seconds(started)}.`
      : `\nFailed: ${failed.join(', ')} (${seconds(started)}).`,
  );
  if (absent.length > 0) {
    const skipped = sum('skipped');
    loud(`!!! ${skipped} tests SKIPPED. Not compared with independent programs: ${absent.join(', ')}. !!!`);
  }
  console.log(`${sum('passed')} passed, ${sum('failed') + others} failed, ${sum('skipped')} skipped`);
  return failed.length === 0 ? 0 : 1;
}

function hasE2e() {
  return ['ts', 'mjs'].some((ending) => existsSync(at('e2e', `playwright.config.${ending}`)));
}

async function vitest() {
  const file = `${STATE}/vitest.json`;
  rmSync(file, { force: true });
  const args = [
    tool('vitest', 'vitest'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const code = await foreground(findNode(), args, {
    env: withNode(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const report = read(file);
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  return result(code, passed, report?.numFailedTests ?? 0, skipped);
}

async function playwright() {
  const browser = await prepareBrowser();
  const file = `${STATE}/playwright.json`;
  rmSync(file, { force: true });
  const env = withNode({
    ...browser.env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const args = [tool('@playwright/test', 'playwright', 'e2e'), 'test', '--reporter=list,json'];
  const code = await foreground(findNode(), args, {
    cwd: at('e2e'),
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stats = read(file)?.stats ?? {};
  return result(code, (stats.expected ?? 0) + (stats.flaky ?? 0), stats.unexpected ?? 0, stats.skipped ?? 0);
}

function result(code, passed, failures, skipped) {
  // A crash or an error outside of a test has no failed test of its own; it must not read as "0 failed".
  const failed = code !== 0 && failures === 0 ? 1 : failures;
  return { good: code === 0, count: { passed, failed, skipped } };
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}
