import type { IncomingMessage, ServerResponse } from 'node:http';

/** U+0000 as JSON and GraphQL write it. */
const escapedNul = /\\u(0000|\{0+\})/;

/** For body parsers: Postgres keeps no U+0000 in texts, and no honest request holds one. */
export function refuseNul(_request: IncomingMessage, _response: ServerResponse, body: Buffer): void {
  if (escapedNul.test(body.toString('latin1'))) {
    throw Object.assign(new Error('The body holds U+0000.'), { status: 400 });
  }
}
