import { concat, utf8 } from './octets.ts';
import { type CounterPosition, type PrfAlgorithm, prf } from './prf.ts';

/**
 * How a dialect feeds the PRF. RFC 4758 sections 3.5 and 3.8 print one order; RSA's software, on every wire seen,
 * uses another one under the same algorithm name.
 */
export type DerivationRules = {
  counter: CounterPosition;
  /** True: `k || label || R_S`; false: `label || k || R_S`. */
  keyFirst: boolean;
  mac1Label: string;
  mac2Label: string;
};

/** The rules as RFC 4758 prints them. */
export const rfcRules: DerivationRules = {
  counter: 'before',
  keyFirst: false,
  mac1Label: 'MAC 1 computation',
  mac2Label: 'MAC 2 computation',
};

/** The rules of RSA's software, confirmed by a real server's MAC (vector V1). */
export const rsaRules: DerivationRules = {
  counter: 'after',
  keyFirst: true,
  mac1Label: 'MAC 1 Computation',
  mac2Label: 'MAC 2 Computation',
};

/**
 * K_TOKEN, the new token's seed (RFC 4758 section 3.5).
 * @param input.clientNonce R_C, 16 octets, the PRF's key
 * @param input.keyOctets k: the shared key, or the modulus of the public key without leading zero octets
 * @param input.serverNonce R_S
 * @param input.length octets of the seed, 16 for SecurID-AES
 */
export function deriveSeed(
  rules: DerivationRules,
  algorithm: PrfAlgorithm,
  input: { clientNonce: Uint8Array; keyOctets: Uint8Array; serverNonce: Uint8Array; length: number },
): Uint8Array {
  const label = utf8('Key generation');
  const { clientNonce, keyOctets, serverNonce, length } = input;
  const data = rules.keyFirst ? concat(keyOctets, label, serverNonce) : concat(label, keyOctets, serverNonce);
  return prf({ algorithm, counter: rules.counter, key: clientNonce, data, length });
}

/**
 * MAC 1, in a ServerHello that replaces a key (RFC 4758 section 3.8.4).
 * @param input.authKey K_AUTH
 * @param input.helloNonce R, the nonce of ClientHello, where it carried one
 * @returns as many octets as R_S has
 */
export function mac1(
  rules: DerivationRules,
  algorithm: PrfAlgorithm,
  input: { authKey: Uint8Array; helloNonce?: Uint8Array | undefined; serverNonce: Uint8Array },
): Uint8Array {
  const data = concat(utf8(rules.mac1Label), input.helloNonce ?? new Uint8Array(), input.serverNonce);
  const { counter } = rules;
  return prf({ algorithm, counter, key: input.authKey, data, length: input.serverNonce.length });
}

/**
 * MAC 2, in every ServerFinished (RFC 4758 section 3.8.6).
 * @param input.authKey K_AUTH; at a first initialisation the new K_TOKEN itself
 * @param input.clientNonce R_C
 * @returns as many octets as R_C has
 */
export function mac2(
  rules: DerivationRules,
  algorithm: PrfAlgorithm,
  input: { authKey: Uint8Array; clientNonce: Uint8Array },
): Uint8Array {
  const data = concat(utf8(rules.mac2Label), input.clientNonce);
  const { counter } = rules;
  return prf({ algorithm, counter, key: input.authKey, data, length: input.clientNonce.length });
}
