import express, { Router } from 'express';
import type { AdjustableClock } from '../lib/clock.ts';
import type { Deps } from '../lib/deps.ts';

/** Exists with NODE_ENV=test only: POST /test/clock {"offsetSeconds": n} moves this process's clock. */
export function testDoor(deps: Deps): Router {
  const router = Router();
  router.post('/clock', express.json(), (request, response) => {
    const { offsetSeconds } = request.body as { offsetSeconds: number };
    (deps.clock as AdjustableClock).setOffset(offsetSeconds * 1000);
    response.json({ now: deps.clock.now() });
  });
  return router;
}
