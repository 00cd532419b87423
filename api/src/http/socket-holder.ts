import type { IncomingMessage } from 'node:http';
import { findKeyViewer } from '../auth/api-key.ts';
import type { Viewer } from '../auth/session.ts';
import type { Deps } from '../lib/deps.ts';
import { viewerOf } from './request.ts';

/** One person's tabs, or one program, need few; each subscription costs a timer. */
const MAX_SOCKETS_PER_SESSION = 20;

/** One open socket: who opened it, and with what that is looked up again. */
export type Held = { request: IncomingMessage; address: string; key?: string; viewer?: Viewer };

/** Who holds the socket by now; nobody when session or key is over. */
export async function viewerNow(deps: Deps, { request, key }: Held): Promise<Viewer | undefined> {
  if (key === undefined) return viewerOf(deps, request, false);
  return (await findKeyViewer(deps, key)).viewer;
}

/** Whether the holder may go on: there, and for a key with the permissions with which it came. */
export async function isStill(deps: Deps, held: Held): Promise<boolean> {
  const now = await viewerNow(deps, held);
  if (!now || !held.viewer) return false;
  const { permissions } = held.viewer;
  return !now.apiKey || [...permissions].join() === [...now.permissions].join();
}

const holderOf = (viewer: Viewer): string => viewer.apiKey?.id ?? viewer.sessionId!;

/** Whether this session or key has as many sockets as it may. */
export function isFull(sockets: ReadonlyMap<unknown, Held>, viewer: Viewer): boolean {
  const held = [...sockets.values()].filter(
    (other) => other.viewer && holderOf(other.viewer) === holderOf(viewer),
  );
  return held.length >= MAX_SOCKETS_PER_SESSION;
}

/** `Authorization` among the parameters of `connection_init`, in whatever case. */
export function authorizationIn(parameters: Record<string, unknown> | undefined): string | undefined {
  const [, value] =
    Object.entries(parameters ?? {}).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  return typeof value === 'string' ? value : undefined;
}
