import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORIGIN, PASSWORD, type Person, startTestApi, type TestApi } from '../../test/kit.ts';
import { profiles, START, tokensFor } from '../../test/scene.ts';
import { upgradeStatus } from '../../test/socket.ts';
import { distributeToken } from '../features/distribution/distribute-token.ts';

let api: TestApi;
let alice: Person;
beforeAll(async () => {
  api = await startTestApi();
  alice = await api.person('alice');
});
afterAll(() => api.close());

const VIEWER = JSON.stringify({ query: '{ viewer { userName } }' });

/** A POST with exactly these headers: fetch would not let a Host header through. */
function post(path: string, body: string, headers: Record<string, string>) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = httpRequest(
      `${api.url}${path}`,
      { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
const asAlice = (extra: Record<string, string> = {}) => ({ Origin: ORIGIN, Cookie: alice.cookie, ...extra });

describe('the Origin of what a cookie authenticates', () => {
  const doors = [
    ['/graphql', VIEWER],
    ['/auth/sign-in/username', JSON.stringify({ username: 'alice', password: PASSWORD })],
    ['/auth/sign-out', '{}'],
    ['/auth/change-password', '{}'],
  ] as const;
  const origins = [
    undefined,
    'null',
    'https://evil.example',
    'http://localhost:4000.evil.example',
    'http://localhost:4001',
    'https://localhost:4000',
    'HTTP://LOCALHOST:4000',
  ];

  it.each(doors)('has to be ours at %s; the refusal names the address to use', async (path, body) => {
    for (const origin of origins) {
      const headers: Record<string, string> = { Cookie: alice.cookie, ...(origin && { Origin: origin }) };
      const answer = await post(path, body, headers);
      expect(answer.status).toBe(403);
      expect(answer.body).toContain(ORIGIN);
      expect(answer.body).not.toContain('alice');
    }
  });

  it('has to be ours for a WebSocket, which needs a session, too', async () => {
    const { cookie } = alice;
    expect(await upgradeStatus(api.url, { Cookie: cookie, Origin: ORIGIN })).toBe(101);
    expect(await upgradeStatus(api.url, { Cookie: cookie, Origin: 'https://evil.example' })).toBe(403);
    expect(await upgradeStatus(api.url, { Cookie: cookie })).toBe(403);
    expect(await upgradeStatus(api.url, { Origin: ORIGIN })).toBe(401);
    expect(await upgradeStatus(api.url, { Cookie: 'symbolon_session=x', Origin: ORIGIN })).toBe(401);
    for (const path of ['/elsewhere', '//['])
      expect(await upgradeStatus(api.url, { Cookie: cookie, Origin: ORIGIN }, path)).toBe(404);
  });
});

describe('a forged Host', () => {
  it('changes no link and opens no door', async () => {
    const { qr } = await profiles(api);
    const [token] = await tokensFor(api, alice.id);
    await distributeToken(api.system, { tokenId: token!.id, profileId: qr.id });
    const forged = {
      Host: 'evil.example',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example;proto=https',
    };
    const body = JSON.stringify({ query: START, variables: { tokenId: `Token_${token!.id}` } });
    const answer = await post('/graphql', body, asAlice(forged));
    const { link } = JSON.parse(answer.body).data.startActivation;
    expect(link).toContain('scheme=http&url=localhost:4000/ctkip/');
    expect(answer.body).not.toContain('evil.example');
    const foreign = await post('/graphql', VIEWER, { ...asAlice(forged), Origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
  });
});

describe('POST /graphql', () => {
  it('is the only method', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(`${api.url}/graphql?query={viewer{userName}}`, {
        method,
        headers: asAlice(),
      });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    }
  });

  it('takes no batch', async () => {
    const answer = await post('/graphql', `[${VIEWER},${VIEWER}]`, asAlice());
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('"viewer"');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'takes no %s, which a foreign page could send unasked',
    async (type) => {
      const answer = await post('/graphql', VIEWER, asAlice({ 'Content-Type': type }));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body).not.toContain('"alice"');
    },
  );

  it('takes a megabyte at most, and JSON only', async () => {
    const big = JSON.stringify({ query: '{ viewer { userName } }', variables: { x: 'x'.repeat(1_100_000) } });
    expect((await post('/graphql', big, asAlice())).status).toBe(413);
    const broken = await post('/graphql', '{"query":', asAlice());
    expect(broken).toMatchObject({ status: 400 });
    expect(broken.body).not.toMatch(/at .*\(|node_modules/);
  });

  it('refuses nesting that would be too deep for what counts the cost, as the caller’s fault', async () => {
    const query = `{ ${'... { '.repeat(1600)} __typename ${'}'.repeat(1600)} }`;
    const answer = await post('/graphql', JSON.stringify({ query }), asAlice());
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body).toContain('GRAPHQL_VALIDATION_FAILED');
  });

  it('answers who offers HTTP/2, as some HTTP libraries do by themselves', async () => {
    const offer = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABk' };
    const answer = await post('/graphql', VIEWER, asAlice(offer));
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toContain('alice');
  });

  it('takes a document of 5000 tokens at most', async () => {
    const query = `{ ${'viewer { id } '.repeat(1500)} }`;
    expect((await post('/graphql', JSON.stringify({ query }), asAlice())).status).toBe(400);
  });
});

describe('every answer', () => {
  it.each(['/', '/graphql', '/healthz', '/admin/tokens', '/ctkip'])(
    '%s carries the headers',
    async (path) => {
      const { headers } = await fetch(`${api.url}${path}`);
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe-eval');
      expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});

describe('GET /metrics', () => {
  it.each(['X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Forwarded', 'Via'])(
    'does not exist for what a proxy passes on (%s)',
    async (header) => {
      expect((await fetch(`${api.url}/metrics`)).status).toBe(200);
      const passedOn = await fetch(`${api.url}/metrics`, { headers: { [header]: '127.0.0.1' } });
      expect(passedOn.status).toBe(404);
      expect(await passedOn.text()).toBe('');
    },
  );
});
