import { request } from 'node:http';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../test/act.ts';
import { asProgram, keyOf } from '../../test/keys.ts';
import { ORIGIN, type Person, startTestApi, type TestApi } from '../../test/kit.ts';
import { upload } from '../../test/upload.ts';
import { readOctets } from '../features/files/file-octets.ts';
import { keepOneTimeFile, sweepFiles } from '../features/files/one-time-file.ts';
import { fileChunks, files } from '../features/files/table.ts';

let api: TestApi;
let admin: Person;
let other: Person;
let helper: Person;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('tina', ['TOKEN_ADMIN']);
  other = await api.person('theo', ['TOKEN_ADMIN']);
  helper = await api.person('hilda', ['HELP_DESK']);
});
afterAll(() => api.close());

const rowOf = async (id: string) =>
  (
    await api.deps.db
      .select()
      .from(files)
      .where(eq(files.id, id.slice('File_'.length)))
  )[0]!;
const chunksOf = (id: string) =>
  api.deps.db
    .select()
    .from(fileChunks)
    .where(eq(fileChunks.fileId, id.replace('File_', '')));
const discardAll = async (person: Person) => {
  const { data } = await person.graphql('{ uploads { id } }');
  for (const { id } of data.uploads) await act(person, 'discardUpload', { fileId: id });
};

describe('an upload', () => {
  it('is kept sealed, in chunks, and comes back as it was', async () => {
    const octets = new Uint8Array(700_000).map((_, at) => at % 251);
    const { status, id } = await upload(api.url, admin, octets, '../../etc/seeds.xml');
    expect(status).toBe(200);
    const row = await rowOf(id!);
    expect(row).toMatchObject({ state: 'READY', name: 'seeds.xml', size: 700_000 });
    const chunks = await chunksOf(id!);
    expect(chunks).toHaveLength(3);
    expect(Buffer.from(chunks[0]!.sealed).includes(Buffer.from(octets.subarray(0, 100)))).toBe(false);
    const read: Uint8Array[] = [];
    for await (const chunk of readOctets(api.deps.db, api.deps, row.id)) read.push(chunk);
    expect(Buffer.concat(read).equals(octets)).toBe(true);
    expect((await admin.graphql('{ uploads { id name size } }')).data.uploads).toEqual([
      { id, name: 'seeds.xml', size: 700_000 },
    ]);
    expect((await other.graphql('{ uploads { id } }')).data.uploads).toEqual([]);
    expect((await other.graphql('query ($id: ID!) { node(id: $id) { id } }', { id })).data.node).toBeNull();
    await discardAll(admin);
    expect(await chunksOf(id!)).toEqual([]);
  });

  it('is for who can use it, from our own pages, or by a key', async () => {
    expect(await upload(api.url, helper, 'x')).toMatchObject({ status: 403, code: 'file.not_allowed' });
    const foreign = { Cookie: admin.cookie, Origin: 'https://evil.example' };
    expect(await upload(api.url, admin, 'x', 'x', foreign)).toMatchObject({ status: 403 });
    expect(await upload(api.url, admin, 'x', 'x', { Cookie: admin.cookie })).toMatchObject({ status: 403 });
    expect(await upload(api.url, admin, 'x', 'x', { Origin: ORIGIN })).toMatchObject({ status: 401 });
    const { key } = await keyOf(admin, ['TOKENS_MANAGE']);
    const bearer = { Authorization: `Bearer ${key}` };
    expect(await upload(api.url, admin, 'x', 'x', bearer)).toMatchObject({ status: 200 });
    const weak = await keyOf(admin, ['TOKENS_READ']);
    expect(await upload(api.url, admin, 'x', 'x', { Authorization: `Bearer ${weak.key}` })).toMatchObject({
      status: 403,
    });
    await discardAll(admin);
  });

  it('is one of five that wait, also when they come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => upload(api.url, other, 'x')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.find(({ status }) => status !== 200)).toMatchObject({
      status: 409,
      code: 'file.open_uploads',
    });
    await discardAll(other);
    expect((await upload(api.url, other, 'x')).status).toBe(200);
  });

  it('that is no form, or has no file, is refused', async () => {
    const headers = { Cookie: admin.cookie, Origin: ORIGIN };
    for (const [type, body] of [
      ['application/json', '{}'],
      ['multipart/form-data', 'x'],
      [
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n',
      ],
      ['multipart/form-data; boundary=b', 'nonsense'],
      [
        'multipart/form-data; boundary=b',
        `--b\r\nContent-Disposition: form-data; name="file"; filename="a\u0007"\r\n\r\n${'x'.repeat(900_000)}\r\n--b--\r\n`,
      ],
    ] as const) {
      const response = await fetch(`${api.url}/files`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': type },
        body,
      });
      expect(response.status, type).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'file.missing' });
    }
    expect((await admin.graphql('{ uploads { id } }')).data.uploads).toEqual([]);
  });

  it('that breaks off leaves nothing', async () => {
    const before = (await api.deps.db.select().from(fileChunks)).length;
    await new Promise<void>((resolve) => {
      const sent = request(`${api.url}/files`, {
        method: 'POST',
        headers: {
          Cookie: admin.cookie,
          Origin: ORIGIN,
          'Content-Type': 'multipart/form-data; boundary=b',
        },
      });
      sent.on('error', () => resolve());
      sent.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n');
      sent.write(Buffer.alloc(600_000, 1));
      setTimeout(() => sent.destroy(), 300);
    });
    await expect
      .poll(async () => (await api.deps.db.select().from(fileChunks)).length, { timeout: 5000 })
      .toBe(before);
    expect((await admin.graphql('{ uploads { id } }')).data.uploads).toEqual([]);
  });

  it('is gone after a day', async () => {
    const { id } = await upload(api.url, admin, 'x');
    api.clock.advance(24 * 3600 + 1);
    await sweepFiles(api.system);
    expect(await chunksOf(id!)).toEqual([]);
    expect((await rowOf(id!)).state).toBe('GONE');
    api.clock.advance(-24 * 3600 - 1);
  });
});

describe('a one-time file', () => {
  const make = (person: Person, apiKey?: { id: string; name: string }) =>
    api.deps.db.transaction((tx) =>
      keepOneTimeFile(
        tx,
        {
          ...api.system,
          actor: { kind: 'user', id: person.id, userName: person.userName, permissions: new Set(), apiKey },
        },
        { name: 'alice_000123456789.sdtid.zip', mediaType: 'application/zip', octets: Buffer.from('seeds') },
      ),
    );
  const claim = (person: Person, id: string) =>
    act(person, 'claimFile', { fileId: `File_${id}` }, 'url expiresAt');
  const fetchIt = (url: string, person: Person) =>
    fetch(url.replace(/^https?:\/\/[^/]+/, api.url), { headers: { Cookie: person.cookie } });

  it('is claimed once, by whoever made it, and fetched once', async () => {
    const { id } = await make(admin);
    expect(await claim(other, id)).toMatchObject({ __typename: 'NotFound', code: 'file.not_found' });
    const claimed = await claim(admin, id);
    expect(claimed.url).toMatch(/^http:\/\/localhost:4000\/files\/[\w-]{32}$/);
    expect(await claim(admin, id)).toMatchObject({ __typename: 'InvalidState', code: 'file.claimed' });
    expect((await fetchIt(claimed.url, other)).status).toBe(404);
    expect((await fetch(claimed.url.replace('http://localhost:4000', api.url))).status).toBe(404);
    const response = await fetchIt(claimed.url, admin);
    expect(await response.text()).toBe('seeds');
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename=alice_000123456789.sdtid.zip',
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    await expect.poll(() => chunksOf(id)).toEqual([]);
    expect((await fetchIt(claimed.url, admin)).status).toBe(404);
  });

  it('is not spent by who only asks for its head', async () => {
    const { url } = await claim(admin, (await make(admin)).id);
    const here = url.replace(/^https?:\/\/[^/]+/, api.url);
    expect((await fetch(here, { method: 'HEAD', headers: { Cookie: admin.cookie } })).status).toBe(405);
    expect(await (await fetchIt(url, admin)).text()).toBe('seeds');
  });

  it('has one claim in a race', async () => {
    const { id } = await make(admin);
    const answers = await Promise.all([claim(admin, id), claim(admin, id), claim(admin, id)]);
    expect(answers.filter(({ url }) => url)).toHaveLength(1);
  });

  it('is gone ten minutes after it was claimed, and a day after it was made', async () => {
    const [claimed, waiting] = [await make(admin), await make(admin)];
    const { url } = await claim(admin, claimed.id);
    api.clock.advance(601);
    expect((await fetchIt(url, admin)).status).toBe(404);
    await sweepFiles(api.system);
    expect(await chunksOf(claimed.id)).toEqual([]);
    expect(await chunksOf(waiting.id)).toHaveLength(1);
    api.clock.advance(24 * 3600);
    const again = await api.person('tessa', ['TOKEN_ADMIN']);
    expect(await claim(again, waiting.id)).toMatchObject({ __typename: 'NotFound' });
    await sweepFiles(api.system);
    expect(await chunksOf(waiting.id)).toEqual([]);
    api.clock.advance(-24 * 3600 - 601);
  });

  it('that a key made is not there for another key of the same person', async () => {
    const [one, two] = [await keyOf(admin, ['TOKENS_DISTRIBUTE']), await keyOf(admin, ['TOKENS_READ'])];
    const { id } = await make(admin, { id: one.id.slice('ApiKey_'.length), name: 'one' });
    expect(await claim(asProgram(api.url, admin, two), id)).toMatchObject({ __typename: 'NotFound' });
    const { url } = await claim(asProgram(api.url, admin, one), id);
    const fetched = await fetch(url.replace(/^https?:\/\/[^/]+/, api.url), {
      headers: { Authorization: `Bearer ${one.key}` },
    });
    expect(await fetched.text()).toBe('seeds');
  });
});
