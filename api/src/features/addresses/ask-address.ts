import { timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Deps } from '../../lib/deps.ts';
import { machineNow } from '../../lib/clock.ts';
import { CHECK_PATHS, CHECK_TYPE, proofOf } from './address-proof.ts';
import { type Finding, finding } from './finding.ts';
import { hostOf } from './resolve-name.ts';

/** The answer, as far as it is looked at. */
type Answer = { status: number; location: string | undefined; date: Date | undefined; body: string };
type NoAnswer = { failure: string; connected: boolean };

const MAX_BODY = 4096;
/** How far the clock of an answer may be off: its Date counts whole seconds, and the answer travels. */
const CLOCK_SECONDS = 15;

/**
 * Asks as phones do, with a challenge that this installation alone can answer. Sends no cookie and no secret, follows
 * nothing, reads 4 KiB at most.
 * @param databaseAheadMs of this machine's clock
 */
export async function askAddress(
  deps: Pick<Deps, 'random' | 'vault'>,
  url: URL,
  {
    forPhones,
    timeoutMs,
    databaseAheadMs,
  }: { forPhones: boolean; timeoutMs: number; databaseAheadMs: number },
): Promise<Finding[]> {
  const challenge = Buffer.from(deps.random.bytes(16)).toString('hex');
  const path = forPhones ? CHECK_PATHS.phones : CHECK_PATHS.consoles;
  const answer = await post(url, path, challenge, timeoutMs);
  if ('failure' in answer) return [noAnswer(url, answer, timeoutMs)];
  const clock = answer.date ? judgeAnswerClock(answer.date, databaseAheadMs) : [];
  return [judgeAnswer(url, path, answer, proofOf(deps.vault, challenge)), ...clock];
}

function post(url: URL, path: string, body: string, timeoutMs: number): Promise<Answer | NoAnswer> {
  return new Promise((resolve) => {
    let connected = false;
    const options: RequestOptions & { rejectUnauthorized: boolean; minVersion: 'TLSv1'; ciphers: string } = {
      method: 'POST',
      path,
      agent: false,
      headers: {
        'Content-Type': CHECK_TYPE,
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'symbolon-address-check',
      },
      // The certificate has been judged; who answers is told by the proof.
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:!aNULL:!eNULL:@SECLEVEL=0',
    };
    const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
    const end = (result: Answer | NoAnswer) => {
      clearTimeout(timer);
      resolve(result);
      request.destroy();
    };
    const timer = setTimeout(() => end({ failure: 'ETIMEDOUT', connected }), timeoutMs);
    request.on('socket', (socket) => {
      socket.once('connect', () => {
        connected = true;
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      end({ failure: error.code ?? 'ECONNRESET', connected }),
    );
    request.once('response', (response) => void readAnswer(response).then(end));
    request.end(body);
  });
}

/** Resolves in every case: a body that breaks off is as good as its beginning. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let body = '';
  try {
    for await (const chunk of response.setEncoding('latin1')) {
      body += chunk as string;
      if (body.length > MAX_BODY) break;
    }
  } catch {
    body = '';
  }
  const date = new Date(response.headers.date ?? Number.NaN);
  return {
    status: response.statusCode ?? 0,
    location: response.headers.location,
    date: Number.isNaN(date.getTime()) ? undefined : date,
    body,
  };
}

function noAnswer(url: URL, { failure, connected }: NoAnswer, timeoutMs: number): Finding {
  if (!connected) return noConnection(url, failure, timeoutMs);
  return finding('answer.none', { reason: failure });
}

/** The port of a URL, also where it is the scheme's own. */
export const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

/** Why nothing could be connected to, by the system's code. */
export function noConnection(url: URL, failure: string, timeoutMs: number): Finding {
  const place = { host: hostOf(url), port: portOf(url) };
  if (failure === 'ECONNREFUSED') return finding('connection.refused', place);
  if (failure === 'ETIMEDOUT') {
    return finding('connection.timeout', { ...place, seconds: Math.ceil(timeoutMs / 1000) });
  }
  return finding('connection.failed', { ...place, reason: failure });
}

function judgeAnswer(url: URL, path: string, { status, location, body }: Answer, proof: string): Finding {
  if (status === 200 && isProof(body, proof)) return finding('answer.here');
  if (status >= 300 && status < 400) {
    const to = URL.parse(location ?? '', url.href);
    // Its origin only: the rest may hold what is nobody's business.
    return finding('answer.redirected', { to: to?.origin ?? '?', status });
  }
  if (status >= 502 && status <= 504) return finding('answer.gateway', { status });
  return finding('answer.elsewhere', { status, path });
}

const isProof = (body: string, proof: string): boolean =>
  body.length === proof.length && timingSafeEqual(Buffer.from(body, 'latin1'), Buffer.from(proof, 'latin1'));

function judgeAnswerClock(date: Date, databaseAheadMs: number): Finding[] {
  const ahead = Math.round((date.getTime() - machineNow().getTime() - databaseAheadMs) / 1000);
  if (Math.abs(ahead) <= CLOCK_SECONDS) return [];
  return [finding('clock.answer', { seconds: Math.abs(ahead), direction: ahead > 0 ? 'ahead' : 'behind' })];
}
