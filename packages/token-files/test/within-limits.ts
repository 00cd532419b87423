import { getHeapStatistics } from 'node:v8';

const MOST_MICROSECONDS = 1_000_000;
const MOST_OCTETS = 64 * 1024 * 1024;

/**
 * A check of one hostile input that fails, too, where the input keeps the processor for over a second, or lets the heap grow
 * by over 64 MiB. What other tests on the machine do does not count.
 */
export function withinLimits<Input extends unknown[], Answer>(
  check: (...input: Input) => Answer,
): (...input: Input) => Answer {
  return (...input) => {
    const before = process.threadCpuUsage();
    const held = getHeapStatistics().used_heap_size;
    const end = <T>(answer: T): T => {
      const { user, system } = process.threadCpuUsage(before);
      if (user + system > MOST_MICROSECONDS) throw new Error(`It took ${(user + system) / 1000} ms`);
      const grown = getHeapStatistics().used_heap_size - held;
      if (grown > MOST_OCTETS) throw new Error(`It took ${grown} octets`);
      return answer;
    };
    const answer = check(...input);
    return answer instanceof Promise ? (answer.then(end) as Answer) : end(answer);
  };
}
