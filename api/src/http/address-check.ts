import express, { Router } from 'express';
import { CHECK_PATHS, CHECK_TYPE, isChallenge, proofOf } from '../features/addresses/address-proof.ts';
import type { Deps } from '../lib/deps.ts';

/**
 * Answers the check of our own addresses, so that it knows this installation from another server: on the path that
 * phones POST to, which a proxy must pass on, and beside the health of consoles.
 */
export function addressCheckDoor({ vault }: Deps): Router {
  const router = Router();
  const isCheck = (request: { headers: { 'content-type'?: string | undefined } }) =>
    request.headers['content-type'] === CHECK_TYPE;
  router.post(
    [CHECK_PATHS.phones, CHECK_PATHS.consoles],
    express.text({ type: (request) => isCheck(request), limit: 64, inflate: false }),
    (request, response, next) => {
      if (!isCheck(request)) return next();
      if (!isChallenge(request.body)) return void response.status(400).end();
      response.type(CHECK_TYPE).end(proofOf(vault, request.body));
    },
  );
  return router;
}
