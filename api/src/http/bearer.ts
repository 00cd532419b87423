import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { KeyViewer } from '../auth/api-key.ts';
import { authenticateKey } from '../auth/authenticate-key.ts';
import type { Deps } from '../lib/deps.ts';
import { actionDeps, bearerOf, isThroughWebTier, requestInfo } from './request.ts';

export type KeyRefusal = {
  status: 401 | 403 | 429;
  code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'RATE_LIMITED';
  message: string;
  retryAfterSeconds?: number;
};

/** Who acts with this key over this connection, or how it is refused. */
export async function keyAnswer(
  deps: Deps,
  request: IncomingMessage,
  key: string,
): Promise<KeyViewer | KeyRefusal> {
  if (isThroughWebTier(request)) {
    return { status: 403, code: 'FORBIDDEN', message: 'API keys are not taken through the web tier.' };
  }
  const answer = await authenticateKey(actionDeps(deps, requestInfo(deps, request), undefined), key);
  if (answer.outcome === 'accepted') return answer.viewer;
  if (answer.outcome === 'refused') {
    return {
      status: 401,
      code: 'UNAUTHENTICATED',
      message: 'This API key is not valid: unknown, revoked or expired, or its owner may not sign in.',
    };
  }
  const { retryAfterSeconds } = answer;
  return {
    status: 429,
    code: 'RATE_LIMITED',
    message: `Too many requests with API keys that are not valid. Wait ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  };
}

export const isRefusal = (answer: KeyViewer | KeyRefusal): answer is KeyRefusal => 'status' in answer;

const viewers = new WeakMap<ServerResponse, KeyViewer>();

/** The program that `keysFirst` let in with its key. */
export const keyViewerOf = (response: ServerResponse): KeyViewer | undefined => viewers.get(response);

/** Judges `Authorization: Bearer` before the body is read. What comes without one passes, as whoever its cookie says. */
export const keysFirst =
  (deps: Deps): RequestHandler =>
  async (request, response, next) => {
    const key = bearerOf(request.headers.authorization);
    if (key === undefined) return next();
    const answer = await keyAnswer(deps, request, key);
    if (!isRefusal(answer)) {
      viewers.set(response, answer);
      return next();
    }
    const { status, code, message, retryAfterSeconds } = answer;
    if (retryAfterSeconds) response.setHeader('Retry-After', String(retryAfterSeconds));
    if (status === 401)
      response.setHeader('WWW-Authenticate', 'Bearer realm="Symbolon", error="invalid_token"');
    response.status(status).json({
      errors: [{ message, extensions: retryAfterSeconds ? { code, retryAfterSeconds } : { code } }],
    });
    return undefined;
  };
