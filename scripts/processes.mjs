import { spawn } from 'node:child_process';
import { environment, ROOT } from './paths.mjs';

/**
 * Runs a program in the foreground and answers its exit code. A terminal's Ctrl-C reaches the program by itself, so we
 * only wait for it; every other way to end us is passed on to it once, and we still wait.
 */
export function foreground(program, args, { cwd = ROOT, env = {}, stdio = 'inherit' } = {}) {
  const child = spawn(program, args, { cwd, env: environment(env), stdio });
  return waitFor([child]);
}

/** The same for several programs that belong together: when one ends, the others are told to. */
export function foregroundAll(commands) {
  const children = commands.map(({ program, args, cwd = ROOT, env = {} }) =>
    spawn(program, args, { cwd, env: environment(env), stdio: 'inherit' }),
  );
  return waitFor(children);
}

async function waitFor(children) {
  let lastInterrupt = 0;
  const pass = (signal) => {
    for (const child of children)
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  };
  const onInterrupt = () => {
    // npm passes on a Ctrl-C that the terminal has given to all of us already: one press must not count twice.
    const again = performance.now() - lastInterrupt < 1000;
    lastInterrupt = performance.now();
    if (!process.stdin.isTTY && !again) pass('SIGINT');
  };
  const onTerminate = () => pass('SIGTERM');
  const onHangUp = () => pass('SIGHUP');
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate).on('SIGHUP', onHangUp);
  const codes = await Promise.all(
    children.map(async (child) => {
      const code = await codeOf(child);
      if (children.length > 1) pass('SIGTERM');
      return code;
    }),
  );
  process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate).off('SIGHUP', onHangUp);
  return codes.find((code) => code !== 0) ?? 0;
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

function codeOf(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (SIGNALS[signal] ?? 0)));
  });
}

/** Runs a program without a terminal; answers its code and everything it printed. */
export function captured(program, args, { cwd = ROOT, env = {} } = {}) {
  return new Promise((resolve) => {
    let output = '';
    let stdout = '';
    const child = spawn(program, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ code: 127, output: error.message, stdout }));
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 128 + (SIGNALS[signal] ?? 0), output, stdout }),
    );
  });
}
