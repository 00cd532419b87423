import { ORIGIN, type Person } from './kit.ts';

export type Uploaded = { status: number; id?: string; code?: string; message?: string };

/** POSTs a file as a browser does, in the field `file`. */
export async function upload(
  url: string,
  person: Person,
  octets: Uint8Array | string,
  name = 'tokens.sdtid',
  headers: Record<string, string> = { Cookie: person.cookie, Origin: ORIGIN },
): Promise<Uploaded> {
  const form = new FormData();
  form.append('file', new Blob([octets as never]), name);
  const response = await fetch(`${url}/files`, { method: 'POST', headers, body: form });
  return { status: response.status, ...((await response.json()) as object) };
}
