import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { captured } from './processes.mjs';
import { findNode, tool, withNode } from './pinned-node.mjs';
import { loud, Refused } from './report.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
// Independent programs that tests compare with, and what the examples need: package → command.
const PROGRAMS = {
  'zbar-tools': 'zbarimg',
  oathtool: 'oathtool',
  stoken: 'stoken',
  pskctool: 'pskctool',
  'python3-pskc': '/usr/lib/python3/dist-packages/pskc/__init__.py',
  'libxml2-utils': 'xmllint',
  unzip: 'unzip',
  curl: 'curl',
  jq: 'jq',
};

/**
 * Installs what the tests compare with, and a browser, by apt where we are root on Debian; says loudly what is not there,
 * and answers it.
 */
export async function installPrograms() {
  const missing = Object.keys(PROGRAMS).filter((name) => !which(PROGRAMS[name]));
  const wanted = [...(which(...BROWSERS) ? [] : ['chromium']), ...missing];
  const apt = process.platform === 'linux' && which('apt-get');
  if (wanted.length > 0 && apt && process.getuid() === 0) await aptInstall(wanted);
  const absent = Object.keys(PROGRAMS).filter((name) => !which(PROGRAMS[name]));
  if (absent.length > 0) {
    loud(`Tests that compare with ${absent.join(', ')} are skipped. To run them: ${aptLine(absent)}`);
  }
  return absent;
}

/**
 * Sees that there is a browser for the tests: the system's, else Playwright's own download. Answers the environment that
 * tells the tests which one (`SYMBOLON_CHROMIUM` for a system's browser).
 * @throws Refused when there is none
 */
export async function prepareBrowser() {
  const system = which(...BROWSERS);
  if (system) return { env: { SYMBOLON_CHROMIUM: system } };
  loud('No Chromium on this system; fetching the one of Playwright.');
  const playwright = tool('@playwright/test', 'playwright', 'e2e');
  const { code, output } = await captured(findNode(), [playwright, 'install', 'chromium'], {
    env: withNode(),
  });
  if (code === 0) return { env: {} };
  loud(output.trim().split('\n').slice(-5).join('\n'));
  throw new Refused(
    `The browser tests need Chromium. Install it and run the tests again: ${aptLine(['chromium'])}`,
  );
}

async function aptInstall(packages) {
  loud(`Installing ${packages.join(', ')} with apt.`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await captured('apt-get', ['update', '-q'], { env });
  const install = (names) =>
    captured('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env });
  if ((await install(packages)).code === 0) return;
  // One unknown package must not keep the others away.
  for (const name of packages) {
    const { code, output } = await install([name]);
    if (code !== 0) loud(`apt could not install ${name}: ${output.trim().split('\n').at(-1)}`);
  }
}

function aptLine(packages) {
  return `sudo apt-get install ${packages.join(' ')} (or your system's way)`;
}

function which(...names) {
  for (const name of names) {
    if (isAbsolute(name) && existsSync(name)) return name;
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (folder && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}
