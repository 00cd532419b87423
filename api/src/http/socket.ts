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
import { countedAddress } from '@symbolon/serving/counted-address';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { limitDepth } from '../graphql/document-rules.ts';
import { createLoaders } from '../graphql/loaders.ts';
import type { Deps } from '../lib/deps.ts';
import { createDocumentGuard } from './document-guard.ts';
import { maskError } from './graphql.ts';
import { isRefusal, keyAnswer } from './bearer.ts';
import { authorizationIn, type Held, isFull, isStill, viewerNow } from './socket-holder.ts';
import {
  actionDeps,
  bearerOf,
  foreignOrigin,
  isOwnOrigin,
  requestInfo,
  sessionToken,
  viewerOf,
} from './request.ts';

/** Sockets are looked at this often: a session that ran out, or news that was lost, closes them. */
const RECHECK_MS = 30_000;
const MAX_MESSAGE = 64 * 1024;
/** Sockets of one address that have three seconds to say their API key. */
const MAX_SILENT_PER_ADDRESS = 20;
const MAX_SUBSCRIPTIONS_PER_SOCKET = 20;

/**
 * Subscriptions over WebSocket at /graphql. The upgrade needs a session and our Origin, or an API key; a program that can
 * set no header tells its key in `connection_init`. Session or key is looked up again at each subscribe, and the socket
 * closes when it ends. Answers how to stop.
 */
export function openSockets(deps: Deps, schema: GraphQLSchema, server: Server): () => Promise<void> {
  const sockets = new Map<WebSocket, Held>();
  const wss = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE });

  const close = (socket: WebSocket) =>
    socket.close(CloseCode.Forbidden, 'The session has ended, or the API key is over.');
  const heldBy = (socket: unknown): Held | undefined => sockets.get(socket as WebSocket);
  const recheck = async (wanted: (held: Held) => boolean = () => true) => {
    for (const [socket, held] of sockets) {
      if (held.viewer && wanted(held) && !(await isStill(deps, held))) close(socket);
    }
  };
  const recheckLater = (wanted?: (held: Held) => boolean) =>
    void recheck(wanted).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'Sockets could not be checked'),
    );
  const stopListening = [
    deps.bus.subscribe(
      'session',
      (sessionId) => {
        for (const [socket, { viewer }] of sockets) if (viewer?.sessionId === sessionId) close(socket);
      },
      () => recheckLater(),
    ),
    deps.bus.subscribe('api_key', (keyId) => {
      for (const [socket, { viewer }] of sockets) if (viewer?.apiKey?.id === keyId) close(socket);
    }),
    // Owner disabled, or with other rights by now.
    deps.bus.subscribe('user', (userId) =>
      recheckLater(({ viewer }) => viewer?.apiKey !== undefined && viewer.id === userId),
    ),
  ];
  const timer = setInterval(() => recheckLater(), RECHECK_MS);

  const guard = createDocumentGuard(deps, schema);
  const graphqlWs = useServer(
    {
      schema,
      onConnect: async (ctx) => {
        const held = heldBy(ctx.extra.socket);
        if (!held) return false;
        const key = bearerOf(authorizationIn(ctx.connectionParams));
        // As in a request: where a key is shown it alone decides.
        if (key === undefined) return held.viewer !== undefined;
        const answer = await keyAnswer(deps, held.request, key);
        if (isRefusal(answer) || isFull(sockets, answer)) return false;
        Object.assign(held, { key, viewer: answer });
        return true;
      },
      onSubscribe: async (ctx, _id, payload) => {
        const held = heldBy(ctx.extra.socket);
        if (!held || !(await isStill(deps, held))) {
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
        const faults = validate(schema, document, [...specifiedRules, limitDepth]);
        if (faults.length > 0) return faults;
        const { address } = requestInfo(deps, ctx.extra.request);
        const variables = payload.variables ?? {};
        return guard({
          document,
          operationName: payload.operationName,
          variables,
          viewer: held.viewer,
          address,
        }).then(
          () => undefined,
          (error: unknown) => {
            if (error instanceof GraphQLError) return [error];
            throw error;
          },
        );
      },
      context: async (ctx) => {
        const held = heldBy(ctx.extra.socket);
        const viewer = held && (await viewerNow(deps, held));
        const request = requestInfo(deps, ctx.extra.request);
        return { deps: actionDeps(deps, request, viewer), viewer, loaders: createLoaders(deps) };
      },
      // Done above, before the cost is counted.
      validate: () => [],
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
    if (URL.parse(request.url ?? '/', 'http://x')?.pathname !== '/graphql')
      return refuse(socket, 404, 'Not Found');
    const { address } = requestInfo(deps, request);
    const held: Held = { request, address: countedAddress(address) };
    const key = bearerOf(request.headers.authorization);
    if (key !== undefined) {
      const answer = await keyAnswer(deps, request, key);
      if (isRefusal(answer)) return refuse(socket, answer.status, answer.message);
      Object.assign(held, { key, viewer: answer });
    } else if (request.headers.origin === undefined && sessionToken(deps, request) === undefined) {
      // No browser: it may tell its key in `connection_init`, and until then it is told nothing.
      const silent = [...sockets.values()].filter((other) => !other.viewer && other.address === held.address);
      if (silent.length >= MAX_SILENT_PER_ADDRESS)
        return refuse(socket, 429, 'Too many sockets without a key.');
    } else {
      if (!isOwnOrigin(deps, request.headers.origin)) return refuse(socket, 403, foreignOrigin(deps).message);
      const viewer = await viewerOf(deps, request);
      if (!viewer || viewer.mustChangePassword) return refuse(socket, 401, 'Sign in first.');
      held.viewer = viewer;
    }
    if (held.viewer && isFull(sockets, held.viewer))
      return refuse(socket, 429, 'Too many sockets in this session or with this key.');
    wss.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.set(webSocket, held);
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
    for (const stop of stopListening) stop();
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
