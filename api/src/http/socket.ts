import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { limitDepth } from '../graphql/document-rules.ts';
import { createLoaders } from '../graphql/loaders.ts';
import type { Deps } from '../lib/deps.ts';
import { createDocumentGuard } from './document-guard.ts';
import { maskError } from './graphql.ts';
import { actionDeps, foreignOrigin, isOwnOrigin, requestInfo, viewerOf } from './request.ts';

/** Sockets are looked at this often: a session that ran out, or news that was lost, closes them. */
const RECHECK_MS = 30_000;
const MAX_MESSAGE = 64 * 1024;
/** One person's tabs need few; each subscription costs a timer. */
const MAX_SOCKETS_PER_SESSION = 20;
const MAX_SUBSCRIPTIONS_PER_SOCKET = 20;

/**
 * Subscriptions over WebSocket at /graphql. The upgrade needs a session and our Origin; the session is looked up again
 * at each subscribe, and the socket closes when it ends. Answers how to stop.
 */
export function openSockets(deps: Deps, schema: GraphQLSchema, server: Server): () => Promise<void> {
  const sockets = new Map<WebSocket, { request: IncomingMessage; sessionId: string }>();
  const wss = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE });

  const close = (socket: WebSocket) => socket.close(CloseCode.Forbidden, 'The session has ended.');
  const recheck = async () => {
    for (const [socket, { request }] of sockets) {
      if (!(await viewerOf(deps, request, false))) close(socket);
    }
  };
  const stopListening = deps.bus.subscribe(
    'session',
    (sessionId) => {
      for (const [socket, held] of sockets) if (held.sessionId === sessionId) close(socket);
    },
    () =>
      void recheck().catch((error: unknown) => deps.log.warn({ err: error }, 'Sockets could not be checked')),
  );
  const timer = setInterval(() => {
    void recheck().catch((error: unknown) => deps.log.warn({ err: error }, 'Sockets could not be checked'));
  }, RECHECK_MS);

  const guard = createDocumentGuard(deps, schema);
  const graphqlWs = useServer(
    {
      schema,
      onSubscribe: async (ctx, _id, payload) => {
        const viewer = await viewerOf(deps, ctx.extra.request, false);
        if (!viewer) {
          close(ctx.extra.socket as unknown as WebSocket);
          return [new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } })];
        }
        if (Object.keys(ctx.subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) {
          return [
            new GraphQLError('Too many subscriptions on this socket.', {
              extensions: { code: 'RATE_LIMITED' },
            }),
          ];
        }
        const document = subscriptionOnly(payload.query, payload.operationName);
        if (!('kind' in document)) return document;
        const { address } = requestInfo(deps, ctx.extra.request);
        const variables = payload.variables ?? {};
        return guard({ document, operationName: payload.operationName, variables, viewer, address }).then(
          () => undefined,
          (error: unknown) => {
            if (error instanceof GraphQLError) return [error];
            throw error;
          },
        );
      },
      context: async (ctx) => {
        const viewer = await viewerOf(deps, ctx.extra.request, false);
        const request = requestInfo(deps, ctx.extra.request);
        return { deps: actionDeps(deps, request, viewer), viewer, loaders: createLoaders(deps) };
      },
      validate: (target, document) => validate(target, document, [...specifiedRules, limitDepth]),
      // What is refused before anything ran is the caller's document: nothing to mask, and no line in the log.
      onError: (_ctx, _id, _payload, failed) =>
        failed.map((error) => {
          const code = error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED';
          return maskError(deps, { ...error.toJSON(), extensions: { code } }, error);
        }),
      onNext: (_ctx, _id, _payload, _args, result) => {
        if (!result.errors) return undefined;
        return { ...result, errors: result.errors.map((error) => maskError(deps, error.toJSON(), error)) };
      },
    },
    wss,
  );

  const onUpgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (new URL(request.url ?? '/', 'http://x').pathname !== '/graphql')
      return refuse(socket, 404, 'Not Found');
    if (!isOwnOrigin(deps, request.headers.origin)) return refuse(socket, 403, foreignOrigin(deps).message);
    const viewer = await viewerOf(deps, request);
    if (!viewer || viewer.mustChangePassword) return refuse(socket, 401, 'Sign in first.');
    const held = [...sockets.values()].filter(({ sessionId }) => sessionId === viewer.sessionId).length;
    if (held >= MAX_SOCKETS_PER_SESSION) return refuse(socket, 429, 'Too many sockets in this session.');
    wss.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.set(webSocket, { request, sessionId: viewer.sessionId });
      webSocket.on('close', () => sockets.delete(webSocket));
      wss.emit('connection', webSocket, request);
    });
  };
  server.on('upgrade', (request, socket, head) => {
    onUpgrade(request, socket, head).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'A WebSocket could not be opened');
      socket.destroy();
    });
  });

  return async () => {
    clearInterval(timer);
    stopListening();
    for (const socket of sockets.keys())
      socket.close(CloseCode.InternalServerError, 'The server is stopping.');
    await graphqlWs.dispose();
  };
}

function subscriptionOnly(
  query: string,
  operationName: string | null | undefined,
): DocumentNode | GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: 1000 });
    if (getOperationAST(document, operationName)?.operation === 'subscription') return document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
  return [new GraphQLError('The socket carries subscriptions only. Send the rest by POST.')];
}

function refuse(socket: Duplex, status: number, message: string): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${message}\n`,
  );
}
