import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { writeRsaFault, rsaResponseContentType } from '@symbolon/ct-kip/rsa-server';
import { rfcContentType } from '@symbolon/ct-kip/rfc-server';
import { answerRfcDialect, answerRsaDialect } from '../features/activation/answer-ct-kip.ts';
import { readOwnTrigger } from '../features/activation/read-trigger.ts';
import { readGlobalId } from '../graphql/ids.ts';
import type { Deps } from '../lib/deps.ts';
import { actionDeps, foreignOrigin, isOwnOrigin, requestInfo, viewerOf } from './request.ts';

const RSA_PATH = '/ctkip/services/CtkipService';
const paths = [RSA_PATH, '/ctkip'];
const MAX_BODY = 64 * 1024;

/** Where phones POST: 64 KiB at most, whatever their Content-Type. The dialect follows from the content. */
export function ctKipDoor(deps: Deps): Router {
  const router = Router();
  const answer: RequestHandler = async (request, response) => {
    const acting = actionDeps(deps, requestInfo(deps, request), { kind: 'device' });
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { authorization } = request.headers;
    const answered = isRsaDialect(body, request.path)
      ? await answerRsaDialect(acting, { body, authorization })
      : await answerRfcDialect(acting, body);
    response
      .status(answered.status)
      // RFC 4758 section 4.2; `no-store` stands on every answer of ours.
      .setHeader('Pragma', 'no-cache')
      .setHeader('Content-Type', answered.contentType)
      .end(answered.body);
  };
  router.post('/ctkip/trigger', express.urlencoded({ limit: '1kb', extended: false }), trigger(deps));
  router.post(paths, express.raw({ limit: MAX_BODY, type: () => true, inflate: false }), answer);
  router.all([...paths, '/ctkip/trigger'], (_request, response) => {
    response
      .status(405)
      .setHeader('Allow', 'POST')
      .type('text/plain')
      .send('Phones POST CT-KIP messages here.\n');
  });
  router.use(paths, tooLarge);
  return router;
}

/**
 * The trigger of one's own open activation, asked for by a form of our own page: a POST, because its answer holds the code,
 * and no link, log or scanner of links is to hold that.
 */
const trigger =
  (deps: Deps): RequestHandler =>
  async (request, response) => {
    if (!isOwnOrigin(deps, request.headers.origin)) {
      response.status(403).json(foreignOrigin(deps));
      return;
    }
    const viewer = await viewerOf(deps, request);
    const { activationId } = (request.body ?? {}) as { activationId?: unknown };
    const id = typeof activationId === 'string' ? readGlobalId(activationId) : undefined;
    const message =
      viewer && !viewer.mustChangePassword && id?.typename === 'Activation'
        ? await readOwnTrigger(actionDeps(deps, requestInfo(deps, request), viewer), { activationId: id.id })
        : undefined;
    if (!message) {
      response.status(404).type('text/plain').send('There is no open activation of yours here.\n');
      return;
    }
    response
      .status(200)
      .setHeader('Content-Type', rfcContentType)
      .setHeader('Content-Disposition', 'attachment; filename="activation.ctkip"')
      .end(message);
  };

/** By the name of the first tag: RSA's dialect stands in an Envelope. What has none is judged by its address. */
function isRsaDialect(body: Buffer, path: string): boolean {
  const [, name] = /<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)/.exec(body.toString('latin1', 0, 4096)) ?? [];
  return name === undefined ? path.startsWith(RSA_PATH) : name === 'Envelope';
}

const tooLarge: ErrorRequestHandler = (error: Error & { status?: number }, request, response, next) => {
  if (error.status !== 413) return next(error);
  if (!request.originalUrl.startsWith(RSA_PATH)) {
    response.status(413).type('text/plain').send('A CT-KIP message has at most 64 KiB.\n');
    return;
  }
  response
    .status(200)
    .setHeader('Content-Type', rsaResponseContentType)
    .end(writeRsaFault('The CT-KIP Web Service takes requests of at most 64 KiB.'));
};
