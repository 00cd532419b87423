import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import vectors from './samples/vectors.json' with { type: 'json' };

export { vectors };

/** Octets of a hex string of vectors.json. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Hex of octets, to compare with vectors.json. */
export function toHex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

/** The octets of a sample file; see samples/README.md. */
export function sample(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`./samples/${path}`, import.meta.url)));
}

/** The text of a sample file. */
export function sampleText(path: string): string {
  return readFileSync(new URL(`./samples/${path}`, import.meta.url), 'utf8');
}

/** The private key of the vectors as PKCS#8 DER. Published: for tests only. */
export function testKey(): Uint8Array {
  const pem = readFileSync(new URL('./samples/TEST-ONLY-key.pem', import.meta.url));
  return new Uint8Array(createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }));
}

/** A random source that hands out given octets in order, and fails when asked for another count. */
export function scripted(...answers: Uint8Array[]): (count: number) => Uint8Array {
  return (count) => {
    const answer = answers.shift();
    if (answer?.length !== count)
      throw new Error(`scripted random: asked for ${count}, has ${answer?.length}`);
    return answer;
  };
}

/** A random source that counts: the same in every run, different in every call. */
export function counting(start = 1): (count: number) => Uint8Array {
  let next = start;
  return (count) => Uint8Array.from({ length: count }, () => (next = (next * 73 + 41) % 65537) & 0xff);
}

/** The error that `run` throws; fails the test when it returns. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
