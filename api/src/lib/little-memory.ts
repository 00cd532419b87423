import { setFlagsFromString } from 'node:v8';

let underWay = 0;

/**
 * Does work that lets a large file pass through. It leaves much behind it, and by itself the engine lets that lie up to
 * several times of what lives; for everything else the engine's own way is faster.
 */
export async function inLittleMemory<T>(work: () => Promise<T>): Promise<T> {
  underWay += 1;
  setFlagsFromString('--heap-growing-percent=12');
  try {
    return await work();
  } finally {
    underWay -= 1;
    if (underWay === 0) setFlagsFromString('--heap-growing-percent=0');
  }
}
