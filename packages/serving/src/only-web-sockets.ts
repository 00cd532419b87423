import type { ServerOptions } from 'node:http';

/** Whoever offers HTTP/2 (h2c), as Java's client and `curl --http2` do, is answered in HTTP/1.1; only WebSockets change over. */
export const onlyWebSockets = {
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
} as const satisfies ServerOptions;
