/** What a request is for; each kind has limits of its own. */
export type Door = {
  kind: 'phones' | 'sign-in' | 'api' | 'pages';
  /** Largest body, bytes. */
  mostBytes: number;
};

const KIB = 1024;
const doors = {
  phones: { kind: 'phones', mostBytes: 64 * KIB },
  signIn: { kind: 'sign-in', mostBytes: 16 * KIB },
  api: { kind: 'api', mostBytes: 1024 * KIB },
  pages: { kind: 'pages', mostBytes: 0 },
} as const satisfies Record<string, Door>;

const posts = new Map<string, { door: Door; isSelfService: boolean }>([
  ['/ctkip', { door: doors.phones, isSelfService: false }],
  ['/ctkip/services/CtkipService', { door: doors.phones, isSelfService: false }],
  ['/ctkip/trigger', { door: doors.signIn, isSelfService: true }],
  ['/auth/sign-in/username', { door: doors.signIn, isSelfService: true }],
  ['/auth/sign-out', { door: doors.signIn, isSelfService: true }],
  ['/auth/change-password', { door: doors.signIn, isSelfService: true }],
  ['/graphql', { door: doors.api, isSelfService: true }],
]);
/** Pages of self-service, and the files that they load. */
const pages = /^\/(?:|my(?:\/[\w./-]*)?|activate|sign-in|change-password|mark\.svg|assets\/[\w.-]+)$/;
/** A token's file that its owner has claimed; its ticket opens it for them alone. */
const claimedFile = /^\/files\/[\w-]{32}$/;

/**
 * The path of a request line as it stands there, if it is one that nothing further in could read in another way: no
 * escapes of separators, no empty or dotted parts, no whole addresses, only visible ASCII.
 */
function plainPath(target: string): string | undefined {
  const path = target.split('?', 1)[0]!;
  const isPlain =
    target.length <= 2048 &&
    /^\/[\x21-\x7e]*$/.test(target) &&
    !/[\\#]|%(?:2e|2f|5c|00|25)/i.test(path) &&
    !/\/\/|\/\.{1,2}(?:\/|$)/.test(path);
  return isPlain ? path : undefined;
}

/**
 * Which door a request is for, or undefined when it goes through none. What is not named here is not passed on.
 * @param target the request line's target, raw
 */
export function doorOf(method: string, target: string, selfService: boolean): Door | undefined {
  const path = plainPath(target);
  if (path === undefined) return undefined;
  if (method === 'POST') {
    const post = posts.get(path);
    return post && (selfService || !post.isSelfService) ? post.door : undefined;
  }
  const isPage =
    ((method === 'GET' || method === 'HEAD') && pages.test(path)) ||
    (method === 'GET' && claimedFile.test(path));
  return selfService && isPage ? doors.pages : undefined;
}

/** Whether an upgrade is the one WebSocket that self-service has. */
export const isSocket = (method: string, target: string, selfService: boolean): boolean =>
  selfService && method === 'GET' && plainPath(target) === '/graphql';
