import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Octets of the heap that are in use once the garbage is gone. */
export function heldNow(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
