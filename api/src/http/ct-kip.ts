import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { writeRsaFault, rsaResponseContentType } from '@symbolon/ct-kip/rsa-server';
import { answerCtKip } from '../features/activation/answer-ct-kip.ts';
import type { Deps } from '../lib/deps.ts';
import { actionDeps, requestInfo } from './request.ts';

const paths = ['/ctkip/services/CtkipService', '/ctkip'];
const MAX_BODY = 64 * 1024;

/** Where phones POST: 64 KiB at most, whatever their Content-Type. Answers, faults included, have HTTP status 200. */
export function ctKipDoor(deps: Deps): Router {
  const router = Router();
  const answer: RequestHandler = async (request, response) => {
    const { contentType, body } = await answerCtKip(
      actionDeps(deps, requestInfo(deps, request), { kind: 'device' }),
      {
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        authorization: request.headers.authorization,
      },
    );
    response.status(200).setHeader('Content-Type', contentType).end(body);
  };
  router.post(paths, express.raw({ limit: MAX_BODY, type: () => true, inflate: false }), answer);
  router.all(paths, (_request, response) => {
    response
      .status(405)
      .setHeader('Allow', 'POST')
      .type('text/plain')
      .send('Phones POST CT-KIP messages here.\n');
  });
  router.use(paths, tooLarge);
  return router;
}

const tooLarge: ErrorRequestHandler = (error: Error & { status?: number }, _request, response, next) => {
  if (error.status !== 413) return next(error);
  response
    .status(200)
    .setHeader('Content-Type', rsaResponseContentType)
    .end(writeRsaFault('The CT-KIP Web Service takes requests of at most 64 KiB.'));
};
