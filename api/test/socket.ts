import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { ORIGIN } from './kit.ts';

export type Watch = {
  /** The next answer's data, or null when the subscription is complete. @throws what the server or socket refused with */
  // biome-ignore lint/suspicious/noExplicitAny: tests select what they look at
  next(): Promise<any>;
  /** Settles with the socket's close code. */
  closed: Promise<number>;
  stop(): Promise<void>;
};

/** Subscribes over a real WebSocket as the holder of this cookie. */
export const watch = (url: string, cookie: string, query: string, variables: object = {}): Watch =>
  watchWith(url, { headers: { Cookie: cookie, Origin: ORIGIN } }, query, variables);

/** Subscribes with these headers in the upgrade and these parameters in `connection_init`. */
export function watchWith(
  url: string,
  { headers = {}, params }: { headers?: Record<string, string>; params?: Record<string, string> },
  query: string,
  variables: object = {},
): Watch {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers });
    }
  }
  let close = (_code: number) => {};
  const closed = new Promise<number>((resolve) => {
    close = resolve;
  });
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Socket,
    retryAttempts: 0,
    ...(params && { connectionParams: params }),
    on: { closed: (event) => close((event as { code: number }).code) },
  });
  const answers = client.iterate({ query, variables: { ...variables } });
  return {
    closed,
    async next() {
      const { value, done } = await answers.next();
      if (done) return null;
      if (value.errors) throw Object.assign(new Error('Refused'), value.errors[0]);
      return value.data;
    },
    stop: async () => client.dispose(),
  };
}

/** The HTTP status with which an upgrade is answered; 101 when it is let through. */
export function upgradeStatus(
  url: string,
  headers: Record<string, string>,
  path = '/graphql',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { headers });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    socket.on('error', reject);
  });
}

/** An open socket that says nothing, and its close code. @throws when the upgrade is refused */
export function silentSocket(
  url: string,
  headers: Record<string, string>,
): Promise<{ closed: Promise<number>; stop(): void }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const closed = new Promise<number>((settle) => {
      socket.on('close', settle);
    });
    socket.on('open', () => resolve({ closed, stop: () => socket.close() }));
    socket.on('error', reject);
  });
}
