import { ORIGIN } from './kit.ts';

export type AuthAnswer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests select what they look at
  body: any;
  headers: Headers;
  cookie: string | undefined;
};

/** POSTs JSON to one of the /auth doors. */
export async function postAuth(
  url: string,
  path: 'sign-in/username' | 'sign-out' | 'change-password',
  body: object,
  headers: Record<string, string> = {},
): Promise<AuthAnswer> {
  const response = await fetch(`${url}/auth/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: ORIGIN, ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    body: await response.json(),
    headers: response.headers,
    cookie: response.headers.getSetCookie()[0]?.split(';')[0],
  };
}
