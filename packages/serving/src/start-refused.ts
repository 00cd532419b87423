/** The program cannot start. `message` is the one clear sentence for the terminal; `main.ts` prints it and exits with 1. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}
