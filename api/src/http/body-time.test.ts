import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORIGIN, type Person, startTestApi, type TestApi } from '../../test/kit.ts';
import { createServer } from '../server.ts';

// Long enough that a busy machine knows by then whose an upload is.
const BODY_MS = 2000;

let api: TestApi;
let server: Awaited<ReturnType<typeof createServer>>;
let admin: Person;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('tina', ['TOKEN_ADMIN']);
  server = await createServer(api.deps, { bodyMs: BODY_MS });
  await once(server.http.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  await server.close();
  await api.close();
});

function send(head: string): Socket {
  const socket = connect((server.http.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write(head);
  return socket;
}

describe.concurrent('a body that comes octet by octet', () => {
  it.each([
    ['GET /', ''],
    ['POST /graphql', 'Authorization: Bearer none'],
    ['POST /files', 'Authorization: Bearer none'],
    ['POST /files/', 'Authorization: Bearer none'],
    ['GET /files', ''],
    ['PUT /files', ''],
    ['GET http://localhost/files', ''],
  ])('holds no connection: %s %s', async (target, header) => {
    const more = header ? `${header}\r\n` : '';
    const socket = send(`${target} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: 60000\r\n\r\n`);
    const drip = setInterval(() => socket.write('x'), 50);
    const closed = new Promise((resolve) => socket.once('close', () => resolve('closed')));
    expect(await Promise.race([closed, wait(10 * BODY_MS, 'held')])).toBe('closed');
    clearInterval(drip);
  });

  it('is taken as long as it comes from somebody who may upload', async () => {
    const form =
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.sdtid"\r\n\r\nseeds\r\n--x--\r\n';
    const headers = [
      `Host: x\r\nOrigin: ${ORIGIN}\r\nCookie: ${admin.cookie}\r\nConnection: close`,
      `Content-Type: multipart/form-data; boundary=x\r\nContent-Length: ${form.length}`,
    ];
    const socket = send(`POST /files HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${form.slice(0, 40)}`);
    let answer = '';
    socket.on('data', (octets) => (answer += octets));
    await wait(1.5 * BODY_MS);
    socket.write(form.slice(40));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
  });
});
