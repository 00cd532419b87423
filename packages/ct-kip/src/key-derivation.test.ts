import { describe, expect, test } from 'vitest';
import { hex, sampleText, toHex, vectors } from '../test/samples.ts';
import { deriveSeed, mac1, mac2, rfcRules, rsaRules } from './key-derivation.ts';
import type { PrfAlgorithm } from './prf.ts';

const rules = { rfc: rfcRules, rsa: rsaRules };

function dialectOf(name: string): [typeof rfcRules, PrfAlgorithm] {
  const [mode, algorithm] = name.split('/');
  return [rules[mode as 'rfc' | 'rsa'], algorithm as PrfAlgorithm];
}

describe('vector V1, proved by a real server', () => {
  const { R_C, R_S, modulus, ...real } = vectors.V1_rsa_real;
  test.each([
    ['rsa', real],
    ['rfc', vectors.V1_same_inputs_rfc],
  ] as const)('%s', (mode, expected) => {
    const input = { clientNonce: hex(R_C), keyOctets: hex(modulus), serverNonce: hex(R_S), length: 16 };
    const seed = deriveSeed(rules[mode], 'aes', input);
    expect(toHex(seed)).toBe(expected.K_TOKEN);
    expect(toHex(mac2(rules[mode], 'aes', { authKey: seed, clientNonce: hex(R_C) }))).toBe(expected.MAC2);
  });
});

test('vector V1b, a live run', () => {
  const base64 = /<ds:Modulus>(.*?)<\/ds:Modulus>/.exec(sampleText('capture/2-ServerHello.xml'))?.[1] ?? '';
  const modulus = new Uint8Array(Buffer.from(base64, 'base64'));
  const clientNonce = hex('f15a777d498c821f8d3d7d8e3d5278f0');
  const serverNonce = hex('f203a720d023c64336ed014f36c01eb3');
  const seed = deriveSeed(rsaRules, 'aes', { clientNonce, keyOctets: modulus, serverNonce, length: 16 });
  expect(toHex(seed)).toBe('427014eaedf408fb5eb2ec41e851904e');
  expect(toHex(mac2(rsaRules, 'aes', { authKey: seed, clientNonce }))).toBe(
    '34c60d9e9425be690cead67f16ab82ef',
  );
});

describe('vector V3, public key', () => {
  const { R_C, R_S, R, K_AUTH_old, key, out } = vectors.V3_pubkey;
  test.each(Object.entries(out))('%s', (name, expected) => {
    const [dialect, algorithm] = dialectOf(name);
    const clientNonce = hex(R_C);
    const serverNonce = hex(R_S);
    const oldKey = hex(K_AUTH_old);
    const seed = deriveSeed(dialect, algorithm, {
      clientNonce,
      keyOctets: hex(key.n),
      serverNonce,
      length: 16,
    });
    expect({
      K_TOKEN: toHex(seed),
      MAC2_new_key: toHex(mac2(dialect, algorithm, { authKey: seed, clientNonce })),
      MAC1_with_R: toHex(mac1(dialect, algorithm, { authKey: oldKey, helloNonce: hex(R), serverNonce })),
      MAC1_without_R: toHex(mac1(dialect, algorithm, { authKey: oldKey, serverNonce })),
      MAC2_K_AUTH_old: toHex(mac2(dialect, algorithm, { authKey: oldKey, clientNonce })),
    }).toEqual(expected);
  });
});

describe('vector V4, shared key', () => {
  const { R_C, R_S, K_SHARED, out } = vectors.V4_shared;
  test.each(Object.entries(out))('%s', (name, expected) => {
    const [dialect, algorithm] = dialectOf(name);
    const input = { clientNonce: hex(R_C), keyOctets: hex(K_SHARED), serverNonce: hex(R_S) };
    const seed = deriveSeed(dialect, algorithm, { ...input, length: 16 });
    expect(toHex(seed)).toBe(expected.K_TOKEN);
    expect(toHex(deriveSeed(dialect, algorithm, { ...input, length: 32 }))).toBe(expected.K_TOKEN_32);
    expect(toHex(mac2(dialect, algorithm, { authKey: seed, clientNonce: hex(R_C) }))).toBe(
      expected.MAC2_new_key,
    );
  });
});
