import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import busboy from 'busboy';
import { type Request, type Response, Router } from 'express';
import { readOctets } from '../features/files/file-octets.ts';
import { endClaim, findClaimed } from '../features/files/one-time-file.ts';
import { MAX_UPLOAD, requireUploader, uploadFile } from '../features/files/upload-file.ts';
import { globalId } from '../graphql/ids.ts';
import type { ActionDeps, Deps } from '../lib/deps.ts';
import { Failure } from '../lib/failure.ts';
import { inLittleMemory } from '../lib/little-memory.ts';
import { keysFirst, keyViewerOf } from './bearer.ts';
import { letBodyTakeLong } from './body-time.ts';
import { actionDeps, bearerOf, foreignOrigin, isOwnOrigin, requestInfo, viewerOf } from './request.ts';

/** Without a byte for so long an upload has broken off. */
const IDLE_MS = 60_000;
const DRAIN_MS = 5000;

/** Uploads for imports, and one-time files whose address was claimed. */
export function filesDoor(deps: Deps): Router {
  const router = Router();
  router.post(
    '/',
    (request, response, next) => {
      if (isOwnOrigin(deps, request.headers.origin) || bearerOf(request.headers.authorization) !== undefined)
        next();
      else refuse(request, response, 403, foreignOrigin(deps));
    },
    keysFirst(deps),
    (request, response) => upload(deps, request, response),
  );
  // Without this a HEAD would be answered as a GET whose octets go nowhere, and the file would be gone.
  router.head('/:ticket', (_request, response) => void response.status(405).setHeader('Allow', 'GET').end());
  router.get('/:ticket', keysFirst(deps), (request, response) => download(deps, request, response));
  return router;
}

async function acting(deps: Deps, request: Request, response: Response): Promise<ActionDeps> {
  const viewer = keyViewerOf(response) ?? (await viewerOf(deps, request));
  const mayAct = viewer && !viewer.mustChangePassword ? viewer : undefined;
  return actionDeps(deps, requestInfo(deps, request), mayAct);
}

/**
 * Answers, and lets what is on its way come for a moment: who is cut off while sending reads no answer. The rest of half a
 * gigabyte is not waited for.
 */
function refuse(request: Request, response: Response, status: number, body: object): void {
  if (!request.complete) {
    response.setHeader('Connection', 'close');
    request.resume();
    const timer = setTimeout(() => request.destroy(), DRAIN_MS);
    request.once('close', () => clearTimeout(timer));
  }
  response.status(status).json(body);
}

async function upload(deps: Deps, request: Request, response: Response): Promise<void> {
  const act = await acting(deps, request, response);
  const answer = (status: number, code: string, message: string) =>
    refuse(request, response, status, { code, message });
  if (act.actor.kind !== 'user') return answer(401, 'UNAUTHENTICATED', 'Sign in first.');
  try {
    requireUploader(act);
    letBodyTakeLong(request);
    request.setTimeout(IDLE_MS, () => request.destroy());
    const file = await inLittleMemory(() => take(request, (part) => uploadFile(act, part)));
    if (!file)
      return answer(400, 'file.missing', 'Send one file in the field «file» as multipart/form-data.');
    response.json({ id: globalId('File', file.id) });
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    if (error instanceof TooLarge)
      return answer(413, 'file.too_large', `A file has at most ${MAX_UPLOAD / 1024 / 1024} MB.`);
    if (error instanceof NotMultipart)
      return answer(400, 'file.missing', 'Send one file in the field «file» as multipart/form-data.');
    if (!(error instanceof Failure)) throw error;
    answer(error.kind === 'LimitReached' ? 409 : 403, error.code, error.message);
  }
}

class TooLarge extends Error {}
class NotMultipart extends Error {}

type Part = { name: string; mediaType: string; octets: AsyncIterable<Uint8Array> };

/** Hands the body's one file on while it comes. Answers undefined when there is none. */
async function take<T>(request: Request, keep: (part: Part) => Promise<T>): Promise<T | undefined> {
  let form: busboy.Busboy;
  try {
    form = busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 4, parts: 6, fieldSize: 1024, fileSize: MAX_UPLOAD },
    });
  } catch {
    throw new NotMultipart();
  }
  let kept: Promise<T> | undefined;
  form.on('file', (field, stream, { filename, mimeType }) => {
    if (field !== 'file' || kept) {
      stream.resume();
      return;
    }
    kept = keep({ name: filename ?? '', mediaType: mimeType, octets: withinLimit(stream) });
    // Whoever does not take it ends the whole request.
    kept.catch((error: Error) => form.destroy(error));
  });
  await feed(request, form).catch(async (error: unknown) => {
    await kept;
    throw error instanceof TooLarge || error instanceof Failure ? error : new NotMultipart();
  });
  return kept;
}

/** Gives a body to the reader of forms; the request stays, so that it can be answered. */
function feed(request: Request, form: busboy.Busboy): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const brokenOff = () => {
    if (!request.complete) form.destroy(new Error('The upload broke off.'));
  };
  request.once('close', brokenOff);
  form.once('error', (error) => {
    request.unpipe(form);
    reject(error);
  });
  form.once('close', resolve);
  request.pipe(form);
  return promise.finally(() => request.off('close', brokenOff));
}

async function* withinLimit(stream: Readable & { truncated?: boolean }): AsyncGenerator<Uint8Array> {
  yield* stream as AsyncIterable<Buffer>;
  if (stream.truncated) throw new TooLarge();
}

async function download(deps: Deps, request: Request, response: Response): Promise<void> {
  const act = await acting(deps, request, response);
  const { ticket } = request.params;
  const file = typeof ticket === 'string' ? await findClaimed(act, ticket) : undefined;
  if (!file) {
    response
      .status(404)
      .json({ code: 'file.not_found', message: 'There is no such file, or its time is over.' });
    return;
  }
  response.attachment(file.name);
  response.setHeader('Content-Type', file.mediaType);
  response.setHeader('Content-Length', String(file.size));
  await pipeline(Readable.from(readOctets(deps.db, deps, file.id)), response);
  await endClaim(act, file);
}
