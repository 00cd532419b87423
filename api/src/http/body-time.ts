import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** Ends requests whose body does not come in time, so that slow callers cannot hold connections. */
export function bodyWithin(ms: number): RequestHandler {
  return (request, _response, next) => {
    const timer = setTimeout(() => !request.complete && request.destroy(), ms);
    timers.set(request, timer);
    request.once('close', () => clearTimeout(timer));
    next();
  };
}

/** Lets a body take as long as it takes: for who may send one that is large, and only when that is known. */
export const letBodyTakeLong = (request: IncomingMessage): void => clearTimeout(timers.get(request));
