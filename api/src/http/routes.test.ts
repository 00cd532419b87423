import type { Server } from 'node:http';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../test/kit.ts';
import { createServer } from '../server.ts';

type Layer = {
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
  match(path: string): boolean;
  slash: boolean;
};

/** Where routers are mounted. A new mount belongs here, and what is in it into the table below. */
const MOUNTS = ['/auth', '/files', '/graphql', '/test'];

/**
 * Every route of the program, and what it answers to somebody without a session who sends our Origin and `{}`.
 * Public on purpose: health, the pages, phones (who prove themselves by an activation code), signing in and out.
 */
const ANSWERS: Record<string, number> = {
  'GET /healthz': 200,
  // The check of our own addresses; other types of body are nothing's. At CT-KIP it stands before the phones' route.
  'POST /healthz': 404,
  'GET /readyz': 200,
  // From this machine only.
  'GET /metrics': 200,
  'POST /ctkip/services/CtkipService': 200,
  // `{}` is no message of CT-KIP.
  'POST /ctkip': 400,
  'POST /ctkip/trigger': 404,
  'ALL /ctkip/services/CtkipService': 405,
  'ALL /ctkip': 405,
  'ALL /ctkip/trigger': 405,
  'POST /auth/sign-in/username': 400,
  'POST /auth/sign-out': 200,
  'POST /auth/change-password': 401,
  // Takes JSON documents; what they may ask for is the schema walk's business.
  'POST /graphql/': 400,
  'ALL /graphql/': 405,
  // Uploads of whoever may import, and one-time files by the ticket of their address.
  'POST /files/': 401,
  'GET /files/:ticket': 404,
  'HEAD /files/:ticket': 405,
  // With NODE_ENV=test only.
  'POST /test/clock': 200,
  'GET /{*path}': 200,
};

let api: TestApi;
let server: Awaited<ReturnType<typeof createServer>>;
beforeAll(async () => {
  api = await startTestApi();
  server = await createServer(api.deps);
});
afterAll(async () => {
  await server.close();
  await api.close();
});

const appOf = (http: Server) => http.listeners('request')[0] as unknown as { router: { stack: Layer[] } };

function routesOf(stack: Layer[], prefix = ''): string[] {
  return stack.flatMap((layer) => {
    if (layer.route) {
      const { path, methods } = layer.route;
      return [path]
        .flat()
        .flatMap((one) =>
          (methods['_all'] ? ['ALL'] : Object.keys(methods)).map(
            (method) => `${method.toUpperCase()} ${prefix}${one}`,
          ),
        );
    }
    if (!layer.handle.stack) return [];
    const mount = MOUNTS.find((path) => layer.match(path));
    if (!layer.slash && !mount) throw new Error('A router is mounted where this test does not look.');
    return routesOf(layer.handle.stack, layer.slash ? prefix : mount);
  });
}

describe('every HTTP route', () => {
  it('is in the table of this test', () => {
    const routes = [...new Set(routesOf(appOf(server.http).router.stack))];
    expect(routes.toSorted()).toEqual(Object.keys(ANSWERS).toSorted());
  });

  it.each(Object.entries(ANSWERS))('%s answers %i without a session', async (route, status) => {
    const [method, path] = route.split(' ') as [string, string];
    const response = await fetch(`${api.url}${path.replace('{*path}', 'admin/users')}`, {
      method: method === 'ALL' ? 'PUT' : method,
      headers: { 'Content-Type': 'application/json', Origin: api.deps.config.publicUrl },
      body: ['GET', 'HEAD'].includes(method) ? null : path.endsWith('clock') ? '{"offsetSeconds":0}' : '{}',
    });
    const body = await response.text();
    // 503: nobody has built the console of this checkout.
    expect(path === '/{*path}' && response.status === 503 ? 200 : response.status).toBe(status);
    expect(body).not.toMatch(/"data":\{|passwordHash|argon2/);
  });

  it.each(['/auth', '/auth/', '/auth/sign-up/email', '/auth/get-session', '/auth/api-key', '/test'])(
    'nothing is posted to %s',
    async (path) => {
      const response = await fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: api.deps.config.publicUrl },
        body: '{}',
      });
      expect(response.status).toBe(404);
    },
  );

  it('loses the clock of the tests outside tests', async () => {
    const real = await createServer({ ...api.deps, config: { ...api.deps.config, test: false } });
    expect(routesOf(appOf(real.http).router.stack)).not.toContain('POST /test/clock');
    await real.close();
  });

  it('has a stack that this test can read', () => {
    const app = express();
    app.use('/nowhere-known', express.Router());
    expect(() => routesOf((app as unknown as { router: { stack: Layer[] } }).router.stack)).toThrow();
  });
});
