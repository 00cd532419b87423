import type { SecuridToken } from '../src/securid.ts';

/** The tokens of `reference/token-formats.md` §3.3. */
export const vectorTokens = {
  A: {
    seed: hex('000102030405060708090a0b0c0d0e0f'),
    serialNumber: '000123456789',
    digits: 8,
    intervalSeconds: 60,
  },
  B: {
    seed: hex('101112131415161718191a1b1c1d1e1f'),
    serialNumber: '000987654321',
    digits: 6,
    intervalSeconds: 60,
  },
  C: {
    seed: hex('202122232425262728292a2b2c2d2e2f'),
    serialNumber: '123412341234',
    digits: 8,
    intervalSeconds: 30,
  },
  D: {
    seed: hex('ffeeddccbbaa99887766554433221100'),
    serialNumber: '000000000042',
    digits: 6,
    intervalSeconds: 30,
  },
} satisfies Record<string, SecuridToken>;

function hex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}
