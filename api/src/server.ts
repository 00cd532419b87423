import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import { addressCheckDoor } from './http/address-check.ts';
import { authDoor } from './http/auth.ts';
import { bodyWithin } from './http/body-time.ts';
import { ctKipDoor } from './http/ct-kip.ts';
import { graphqlDoor } from './http/graphql.ts';
import { filesDoor } from './http/files.ts';
import { healthDoor } from './http/health.ts';
import { pages } from './http/pages.ts';
import { renewCertificate } from '@symbolon/serving/renew-certificate';
import { openSockets } from './http/socket.ts';
import { testDoor } from './http/test-clock.ts';
import type { Deps } from './lib/deps.ts';
import { onlyWebSockets } from '@symbolon/serving/only-web-sockets';
import { servedTls } from '@symbolon/serving/tls-files';
import { schema } from './schema.ts';

const BODY_MS = 30_000;

export type SymbolonServer = { http: Server; close(): Promise<void> };

type ServerOptions = {
  /** Milliseconds in which the body of a request has to come. */
  bodyMs?: number;
  /** Milliseconds between two looks at the certificate's files. */
  certificateEveryMs?: number;
  /** Called after the files of the certificate have changed, fit for use or not. */
  onCertificateChange?: () => void;
};

/** Every door of the program on one HTTP(S) server, which is not listening yet. */
export async function createServer(deps: Deps, options: ServerOptions = {}): Promise<SymbolonServer> {
  const app = express();
  const [http, stopRenewing] = listener(deps, app, options);
  http.headersTimeout = 10_000;
  // Uploads take as long as they take, once it is known whose they are; every other body is waited for below.
  http.requestTimeout = 0;

  app.disable('x-powered-by');
  app.disable('etag');
  app.use(securityHeaders(deps));
  app.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use(bodyWithin(options.bodyMs ?? BODY_MS));
  app.use(healthDoor(deps));
  app.use(addressCheckDoor(deps));
  app.use(ctKipDoor(deps));
  app.use('/auth', authDoor(deps));
  app.use('/graphql', await graphqlDoor(deps, schema, http));
  app.use('/files', filesDoor(deps));
  if (deps.config.test) app.use('/test', testDoor(deps));
  app.use(pages());
  app.use(failed(deps));

  const closeSockets = openSockets(deps, schema, http);
  return {
    http,
    close: async () => {
      stopRenewing();
      await closeSockets();
      http.closeIdleConnections();
      const closed = new Promise((resolve) => http.close(resolve));
      setTimeout(() => http.closeAllConnections(), 3000).unref();
      await closed;
    },
  };
}

/** HTTP, or HTTPS with a certificate that is renewed as its files are. */
function listener(deps: Deps, app: Express, options: ServerOptions): [Server, stopRenewing: () => void] {
  const { tls } = deps.config;
  if (!tls) return [createHttpServer(onlyWebSockets, app), () => undefined];
  const https = createHttpsServer(
    { ...servedTls, ...onlyWebSockets, cert: tls.certificate, key: tls.key },
    app,
  );
  const stop = renewCertificate({
    server: https,
    tls,
    log: deps.log,
    everyMs: options.certificateEveryMs,
    onChange: options.onCertificateChange,
  });
  return [https, stop];
}

function securityHeaders(deps: Deps) {
  const https = deps.config.publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Mantine sets positions and colours in style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https ? { maxAge: 31_536_000 } : false,
  });
}

/** What no door answered for itself: a broken body is the caller's, the rest is ours and told by a reference. */
function failed(deps: Deps): ErrorRequestHandler {
  return (error: Error & { status?: number; type?: string }, request, response, _next) => {
    const status = error.status && error.status >= 400 && error.status < 500 ? error.status : 500;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (status < 500) {
      const message = 'The request cannot be read.';
      // What asks in GraphQL is answered in its form.
      const isGraphql = request.originalUrl.startsWith('/graphql');
      response
        .status(status)
        .json(
          isGraphql
            ? { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] }
            : { code: 'request.unreadable', message },
        );
      return;
    }
    const correlationId = Buffer.from(deps.random.bytes(6)).toString('hex');
    deps.log.error({ err: error, correlationId }, 'A request failed');
    response
      .status(500)
      .json({ code: 'INTERNAL', message: `Something went wrong on our side. Reference ${correlationId}.` });
  };
}
