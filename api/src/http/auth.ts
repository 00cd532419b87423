import { stringifySetCookie } from 'cookie';
import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { UserActor } from '../auth/actor.ts';
import { endSession, type SessionViewer } from '../auth/session.ts';
import { signIn } from '../auth/sign-in.ts';
import { accountLimit, addressLimit, reserveAttempt, undoAttempt } from '../auth/throttle.ts';
import { checkPasswordStrength } from '../auth/password.ts';
import { recordAudit } from '../features/audit/record-audit.ts';
import { changeOwnPassword } from '../features/users/set-password.ts';
import type { ActionDeps, Deps } from '../lib/deps.ts';
import { Failure } from '../lib/failure.ts';
import {
  actionDeps,
  foreignOrigin,
  isOwnOrigin,
  requestInfo,
  sessionCookieName,
  viewerOf,
} from './request.ts';
import { refuseNul } from './nul.ts';

const credentials = z.object({ username: z.string().min(1).max(256), password: z.string().min(1).max(1024) });
const passwords = z.object({ currentPassword: z.string().max(1024), newPassword: z.string().max(1024) });

/** Sign-in, sign-out and change of one's own password: the only doors that set or end a session. */
export function authDoor(deps: Deps): Router {
  const router = Router();
  router.use((request, response, next) => {
    if (isOwnOrigin(deps, request.headers.origin)) next();
    else response.status(403).json(foreignOrigin(deps));
  });
  router.use(express.json({ verify: refuseNul, limit: '16kb', strict: true }));
  router.post('/sign-in/username', (request, response) => answerSignIn(deps, request, response));
  router.post('/sign-out', (request, response) => answerSignOut(deps, request, response));
  router.post('/change-password', (request, response) => answerChangePassword(deps, request, response));
  return router;
}

async function answerSignIn(deps: Deps, request: Request, response: Response): Promise<void> {
  const given = credentials.safeParse(request.body);
  if (!given.success) {
    response
      .status(400)
      .json({ code: 'input.invalid', message: 'Send {"username": …, "password": …} as JSON.' });
    return;
  }
  const acting = actionDeps(deps, requestInfo(deps, request), undefined);
  const answer = await signIn(acting, {
    userName: given.data.username,
    password: given.data.password,
    userAgent: request.headers['user-agent'],
  });
  if (answer.outcome === 'throttled') return throttled(response, answer.retryAfterSeconds);
  if (answer.outcome === 'refused') {
    response.status(401).json({
      code: 'sign_in.refused',
      message: 'User name and password do not fit together.',
    });
    return;
  }
  response.setHeader('Set-Cookie', cookie(deps, answer.token, answer.expiresAt));
  response.json({ signedIn: true });
}

async function answerSignOut(deps: Deps, request: Request, response: Response): Promise<void> {
  const viewer = await viewerOf(deps, request);
  if (viewer) {
    const acting = actionDeps(deps, requestInfo(deps, request), viewer);
    await deps.db.transaction(async (tx) => {
      await endSession(tx, deps, viewer.sessionId);
      await recordAudit(tx, acting, { action: 'session.ended', targetUser: viewer });
    });
  }
  response.setHeader('Set-Cookie', cookie(deps, '', new Date(0)));
  response.json({ signedOut: true });
}

async function answerChangePassword(deps: Deps, request: Request, response: Response): Promise<void> {
  const viewer = await viewerOf(deps, request);
  if (!viewer) {
    response.status(401).json({ code: 'UNAUTHENTICATED', message: 'Sign in first.' });
    return;
  }
  const given = passwords.safeParse(request.body);
  if (!given.success) {
    response
      .status(400)
      .json({ code: 'input.invalid', message: 'Send {"currentPassword": …, "newPassword": …} as JSON.' });
    return;
  }
  const weak = weaknessOf(given.data.newPassword, viewer.userName);
  if (weak) {
    response.status(400).json({ code: weak.code, message: weak.message, fields: weak.extra.fields });
    return;
  }
  const info = requestInfo(deps, request);
  const account = accountLimit(viewer.userName.toLowerCase(), info.address);
  const address = addressLimit(info.address);
  const wait = await reserveAttempt(deps, [account, address]);
  if (wait > 0) return throttled(response, wait);
  const acting = actionDeps(deps, info, viewer) as ActionDeps & {
    actor: UserActor & Pick<SessionViewer, 'sessionId'>;
  };
  try {
    await changeOwnPassword(acting, given.data);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const wrong = error.extra.fields?.some(({ code }) => code === 'password.wrong');
    if (!wrong) await undoAttempt(deps, account, address);
    response.status(400).json({ code: error.code, message: error.message, fields: error.extra.fields });
    return;
  }
  await undoAttempt(deps, account, address);
  response.json({ changed: true });
}

/** Judged before anything is counted, so that a weak new password takes no wrong present one back. */
function weaknessOf(newPassword: string, userName: string): Failure | undefined {
  try {
    checkPasswordStrength(newPassword, userName, 'newPassword');
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function throttled(response: Response, seconds: number): void {
  response
    .status(429)
    .setHeader('Retry-After', String(seconds))
    .json({
      code: 'sign_in.throttled',
      message: `Too many attempts. Try again in ${seconds} seconds.`,
      retryAfterSeconds: seconds,
    });
}

function cookie(deps: Deps, value: string, expires: Date): string {
  return stringifySetCookie({
    name: sessionCookieName(deps),
    value,
    httpOnly: true,
    sameSite: 'lax',
    secure: deps.config.adminUrl.startsWith('https:'),
    path: '/',
    expires,
  });
}
