import { describe, expect, it } from 'vitest';
import { systemRandom } from './random.ts';
import { createVault } from './vault.ts';

const vault = createVault(Buffer.alloc(32, 7), systemRandom);
const place = { table: 'token_seeds', id: '1', purpose: 'seed' };
const seed = new Uint8Array(Buffer.from('0123456789abcdef'));

describe('a sealed value', () => {
  it('opens in its place, and is another each time', () => {
    const sealed = vault.seal(seed, place);
    expect(vault.open(sealed, place)).toEqual(seed);
    expect(Buffer.from(sealed).includes(Buffer.from(seed))).toBe(false);
    expect(vault.seal(seed, place)).not.toEqual(sealed);
  });

  it.each([
    { ...place, table: 'ct_kip_server_keys' },
    { ...place, id: '2' },
    { ...place, purpose: 'canary' },
  ])('opens nowhere else: %j', (elsewhere) => {
    expect(() => vault.open(vault.seal(seed, place), elsewhere)).toThrow();
  });

  it('opens with no octet changed, cut or added', () => {
    const sealed = vault.seal(seed, place);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed, (octet, index) => (index === at ? octet ^ 1 : octet));
      expect(() => vault.open(changed, place)).toThrow();
      expect(() => vault.open(sealed.slice(0, at), place)).toThrow();
    }
    expect(() => vault.open(Uint8Array.of(...sealed, 0), place)).toThrow();
  });

  it('opens under no other master key', () => {
    const other = createVault(Buffer.alloc(32, 8), systemRandom);
    expect(() => other.open(vault.seal(seed, place), place)).toThrow('under another master key');
    expect(other.keyId).not.toEqual(vault.keyId);
  });
});

it('hashes for lookups differ by kind, value and master key', () => {
  const other = createVault(Buffer.alloc(32, 8), systemRandom);
  const hashes = [
    vault.lookupHash('code', 'a'),
    vault.lookupHash('code', 'b'),
    vault.lookupHash('file', 'a'),
    other.lookupHash('code', 'a'),
  ].map((hash) => Buffer.from(hash).toString('hex'));
  expect(new Set(hashes).size).toBe(4);
  expect(vault.lookupHash('code', 'a')).toEqual(vault.lookupHash('code', 'a'));
});
