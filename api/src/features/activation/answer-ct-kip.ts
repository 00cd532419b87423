import { timingSafeEqual } from 'node:crypto';
import { CtKipError } from '@symbolon/ct-kip/errors';
import {
  readRsaRequest,
  type RsaRequest,
  rsaResponseContentType,
  writeRsaFault,
} from '@symbolon/ct-kip/rsa-server';
import type { ActionDeps } from '../../lib/deps.ts';
import { answerFirstPass } from './answer-first-pass.ts';
import { answerSecondPass } from './answer-second-pass.ts';
import { findByCode } from './ct-kip-run.ts';
import { countRefusal, slowDownGuessing } from './guessing.ts';

export type CtKipAnswer = { contentType: string; body: Uint8Array };

/**
 * Answers one POST of a phone in the RSA dialect (RFC 4758 in RSA's SOAP envelope). Either pass may come to any
 * instance: what is between them is a row. What is refused is answered as a SOAP fault that tells nothing of codes.
 * @param input.body at most 64 KiB
 * @param input.authorization the Authorization header; must repeat AuthData
 */
export async function answerCtKip(
  deps: ActionDeps,
  input: { body: Uint8Array; authorization: string | undefined },
): Promise<CtKipAnswer> {
  const body = await answer(deps, input);
  return { contentType: rsaResponseContentType, body };
}

async function answer(
  deps: ActionDeps,
  { body, authorization }: { body: Uint8Array; authorization: string | undefined },
): Promise<Uint8Array> {
  const request = readOrUndefined(body);
  if (!request) return writeRsaFault('The CT-KIP Web Service could not read the request.');
  if (!(await slowDownGuessing(deps))) return writeRsaFault();
  const found = sameText(request.authData, authorization?.trim() ?? '')
    ? await findByCode(deps, request.authData)
    : undefined;
  if (!found) {
    await countRefusal(deps);
    return writeRsaFault();
  }
  return request.message.type === 'ClientNonce'
    ? answerSecondPass(deps, { run: found, request, nonce: request.message, body })
    : answerFirstPass(deps, { run: found, request, hello: request.message });
}

function readOrUndefined(body: Uint8Array): RsaRequest | undefined {
  try {
    return readRsaRequest(body);
  } catch (error) {
    if (error instanceof CtKipError) return undefined;
    throw error;
  }
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length > 0 && a.length === b.length && timingSafeEqual(a, b);
}
