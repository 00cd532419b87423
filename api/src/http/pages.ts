import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';
import sirv from 'sirv';

const built = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** The single-page app: hashed files for a year, the page itself never cached. */
export function pages(): RequestHandler {
  if (!existsSync(built)) {
    return (_request, response) => {
      response.status(503).type('text').send('The console is not built yet. Start with npm start.\n');
    };
  }
  return sirv(built, {
    single: true,
    gzip: true,
    brotli: true,
    setHeaders: (response, path) => {
      response.setHeader(
        'Cache-Control',
        path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
      );
    },
  });
}
