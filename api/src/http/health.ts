import { sql } from 'drizzle-orm';
import { Router } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Deps } from '../lib/deps.ts';

/** Any of these says that a proxy on this machine passes on what came from elsewhere. */
const passedOn = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
];

/** `/healthz`: the process lives. `/readyz`: the database answers. `/metrics`: to this machine only. */
export function healthDoor(deps: Deps): Router {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    try {
      await deps.db.execute(sql`SELECT 1`);
      response.json({ status: 'ready' });
    } catch {
      response.status(503).json({ status: 'database unreachable' });
    }
  });
  router.get('/metrics', async (request, response) => {
    const local = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? '');
    if (!local || passedOn.some((name) => request.headers[name] !== undefined)) {
      response.status(404).end();
      return;
    }
    response.setHeader('Content-Type', registry.contentType).end(await registry.metrics());
  });
  return router;
}
