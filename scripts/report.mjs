/** A failure whose message is all that the person needs. */
export class Refused extends Error {
  name = 'Refused';
}

/** To the terminal, and never into the output of a program that somebody pipes. */
export function loud(line) {
  process.stderr.write(`${line}\n`);
}

/** Prints a heading, runs the work, prints how long it took. `work` answers whether it went well. */
export async function step(title, work) {
  const started = performance.now();
  console.log(`\n== ${title}`);
  const good = (await work()) !== false;
  console.log(`== ${title}: ${good ? 'good' : 'FAILED'}, ${seconds(started)}`);
  return good;
}

/** Seconds since `started`, for people. */
export function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
