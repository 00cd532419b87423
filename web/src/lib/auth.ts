/** What a door under /auth answers; `fields` name refused input. */
export type AuthAnswer = {
  ok: boolean;
  status: number;
  code?: string;
  message?: string;
  retryAfterSeconds?: number;
  fields?: { path: string; code: string; message: string }[];
};

async function post(path: string, body: object): Promise<AuthAnswer> {
  const response = await fetch(`/auth/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json().catch(() => ({}))) as Partial<AuthAnswer>;
  return { ...answer, ok: response.ok, status: response.status };
}

export const signIn = (username: string, password: string): Promise<AuthAnswer> =>
  post('sign-in/username', { username, password });

export const signOut = (): Promise<AuthAnswer> => post('sign-out', {});

export const changePassword = (currentPassword: string, newPassword: string): Promise<AuthAnswer> =>
  post('change-password', { currentPassword, newPassword });
