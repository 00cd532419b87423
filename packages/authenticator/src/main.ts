import { type Command, readArguments } from './arguments.ts';
import { type Answer, runCommand } from './commands.ts';
import { AuthenticatorError } from './errors.ts';
import { usage } from './usage.ts';

const argv = process.argv.slice(2);
// Also where the arguments cannot be read, a script that asked for JSON gets JSON.
const json = argv.includes('--json');

try {
  const command: Command = readArguments(argv);
  if (command.name === 'help') process.stdout.write(usage);
  else print(await runCommand(command));
} catch (error) {
  // A failure that nobody foresaw keeps Node's own exit code 1.
  if (!(error instanceof AuthenticatorError)) throw error;
  process.exitCode = error.exitCode;
  const { code, message, exitCode } = error;
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, code, message, exitCode })}\n`);
  else process.stderr.write(`${message}\n`);
}

function print(answer: Answer): void {
  if (json) process.stdout.write(`${JSON.stringify({ ok: true, ...answer.json })}\n`);
  else process.stdout.write(`${answer.text}\n`);
}
