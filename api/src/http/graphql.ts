import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type RequestHandler, Router } from 'express';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLContext } from '../graphql/context.ts';
import { limitDepth, onceInDocument } from '../graphql/document-rules.ts';
import { createLoaders } from '../graphql/loaders.ts';
import type { Deps } from '../lib/deps.ts';
import { Failure, RateLimited } from '../lib/failure.ts';
import { createDocumentGuard } from './document-guard.ts';
import { refuseNul } from './nul.ts';
import { keysFirst, keyViewerOf } from './bearer.ts';
import { actionDeps, bearerOf, foreignOrigin, isOwnOrigin, requestInfo, viewerOf } from './request.ts';

/** A document with more is no screen's and no honest program's. */
const MAX_TOKENS = 5000;

/** Codes of errors that are answered as they are; everything else is masked. */
export const toldCodes: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'PASSWORD_CHANGE_REQUIRED',
  'RATE_LIMITED',
  'QUERY_TOO_COSTLY',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'NOT_FOUND',
]);

/** Postgres error code of a statement that ran into its time-out. */
const QUERY_CANCELED = '57014';

const postgresCode = (error: unknown): unknown =>
  (error as { code?: unknown })?.code ?? (error as { cause?: { code?: unknown } })?.cause?.code;

/** Masks what is not meant for callers; the log keeps it under the same correlation id. */
export function maskError(
  deps: Deps,
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  if (cause instanceof RateLimited) {
    const { message, retryAfterSeconds } = cause;
    return { ...formatted, message, extensions: { code: 'RATE_LIMITED', retryAfterSeconds } };
  }
  if (cause instanceof Failure) {
    const { message } = cause;
    return { ...formatted, message, extensions: { code: 'BAD_USER_INPUT', failure: cause.code } };
  }
  if (postgresCode(cause) === QUERY_CANCELED) {
    const correlationId = Buffer.from(deps.random.bytes(6)).toString('hex');
    deps.log.warn({ correlationId, path: formatted.path }, 'A statement took too long');
    return {
      message: `This took too long, so it was stopped; nothing was changed. Ask for less. Reference ${correlationId}.`,
      ...(formatted.path ? { path: formatted.path } : {}),
      extensions: { code: 'TIMEOUT', correlationId },
    };
  }
  const code = formatted.extensions?.['code'];
  if (typeof code === 'string' && toldCodes.has(code)) {
    const { stacktrace: _, http: __, ...extensions } = formatted.extensions ?? {};
    return { ...formatted, extensions };
  }
  const correlationId = Buffer.from(deps.random.bytes(6)).toString('hex');
  deps.log.error({ err: cause, correlationId, path: formatted.path }, 'GraphQL resolver failed');
  return {
    message: `Something went wrong on our side; nothing was changed. Reference ${correlationId}.`,
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions: { code: 'INTERNAL', correlationId },
  };
}

/** Judges each document before it runs, and tells whoever is not signed in nothing of what the schema holds. */
function guarding(deps: Deps, schema: GraphQLSchema): ApolloServerPlugin<GraphQLContext> {
  const guard = createDocumentGuard(deps, schema);
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({
        document,
        operation,
        operationName,
        request,
        contextValue: { viewer, deps: acting },
      }) => {
        if (operation?.operation === 'subscription') {
          throw new GraphQLError('Subscriptions go over the WebSocket at this address.', {
            extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
          });
        }
        await guard({
          document,
          operationName,
          variables: request.variables ?? {},
          viewer,
          address: acting.request.address,
        });
      },
      willSendResponse: async ({ response, contextValue, errors }) => {
        const seconds = errors?.[0]?.extensions['retryAfterSeconds'];
        if (seconds !== undefined) response.http.headers.set('retry-after', String(seconds));
        if (contextValue.viewer || response.body.kind !== 'single') return;
        for (const error of response.body.singleResult.errors ?? [])
          (error as { message: string }).message = error.message.replace(/ Did you mean .*\?$/, '');
      },
    }),
  };
}

/** POST /graphql with JSON; no batches, no GET. Subscriptions are the WebSocket's (`http/socket.ts`). */
export async function graphqlDoor(deps: Deps, schema: GraphQLSchema, server: Server): Promise<Router> {
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [onceInDocument, limitDepth],
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError: (formatted, error) => maskError(deps, formatted, error),
    stopOnTerminationSignals: false,
    persistedQueries: false,
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer: server }),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      guarding(deps, schema),
    ],
    logger: deps.log,
  });
  await apollo.start();
  const answer = expressMiddleware(apollo, {
    context: async ({ req, res }) => {
      const viewer = keyViewerOf(res) ?? (await viewerOf(deps, req));
      return { deps: actionDeps(deps, requestInfo(deps, req), viewer), viewer, loaders: createLoaders(deps) };
    },
  });
  const router = Router();
  const onlyOurs: RequestHandler = (request, response, next) => {
    // A key is no cookie: no page of another's makes a browser send it, so where the request comes from says nothing.
    if (isOwnOrigin(deps, request.headers.origin) || bearerOf(request.headers.authorization) !== undefined) {
      next();
    } else
      response
        .status(403)
        .json({ errors: [{ message: foreignOrigin(deps).message, extensions: { code: 'FORBIDDEN' } }] });
  };
  router.post(
    '/',
    onlyOurs,
    keysFirst(deps),
    express.json({ limit: '1mb', type: 'application/json', verify: refuseNul }),
    answer,
  );
  router.all('/', (_request, response) => {
    response
      .status(405)
      .setHeader('Allow', 'POST')
      .json({
        errors: [{ message: 'GraphQL takes POST with JSON.', extensions: { code: 'BAD_REQUEST' } }],
      });
  });
  return router;
}
