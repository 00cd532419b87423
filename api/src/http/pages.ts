import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RequestHandler, Router } from 'express';
import expressStaticGzip from 'express-static-gzip';

const built = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/**
 * The single-page app and the API explorer, compressed when they were built: hashed files for a year, the page itself never cached. Addresses
 * of the app answer its page; a file that a rebuild took away is 404 and no more.
 */
export function pages(): Router {
  const router = Router();
  router.use(
    expressStaticGzip(built, {
      enableBrotli: true,
      orderPreference: ['br', 'gz'],
      index: false,
      serveStatic: {
        cacheControl: false,
        setHeaders: (response, path) => {
          const isHashed = path.includes('/assets/');
          response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-store');
        },
      },
    }),
  );
  const page: RequestHandler = (request, response, next) => {
    if (/^(\/explorer)?\/assets\//.test(request.path)) return next();
    const file = /^\/explorer(\/|$)/.test(request.path) ? 'explorer/index.html' : 'index.html';
    if (!existsSync(join(built, file))) {
      response.status(503).type('text').send('The console is not built yet. Start with npm start.\n');
      return undefined;
    }
    return response.sendFile(file, {
      root: built,
      cacheControl: false,
      etag: false,
      lastModified: false,
    });
  };
  router.get('/{*path}', page);
  return router;
}
