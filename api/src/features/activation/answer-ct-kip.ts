import { timingSafeEqual } from 'node:crypto';
import { CtKipError } from '@symbolon/ct-kip/errors';
import { readRfcRequest, rfcContentType } from '@symbolon/ct-kip/rfc-server';
import { readRsaRequest, rsaResponseContentType, writeRsaFault } from '@symbolon/ct-kip/rsa-server';
import { ticksFromNow } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { answerFirstPass } from './answer-first-pass.ts';
import { answerSecondPass, findSession } from './answer-second-pass.ts';
import { type CtKipRun, findByCode, findBySession } from './ct-kip-run.ts';
import { countRefusal, slowDownGuessing } from './guessing.ts';
import type { Passed, PhoneRequest } from './phone-request.ts';
import { rfcPhone } from './rfc-phone.ts';
import { rsaPhone } from './rsa-phone.ts';
import type { CtKipSessionRow } from './table.ts';

/** What goes back to a phone. */
export type CtKipAnswer = { status: 200 | 400 | 500; contentType: string; body: Uint8Array };

/** Several times what any refusal costs on an idle machine. */
const REFUSAL_TICK_MS = 50;

/** What a request is about; `session` is the one it names, if that belongs to the run. */
type Found = { run: CtKipRun; session: CtKipSessionRow | undefined };

const text = (status: 400 | 500, sentence: string): CtKipAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: new TextEncoder().encode(`${sentence}\n`),
});

/**
 * Answers one POST of a phone in RSA's SOAP dialect. Either pass may come to any instance: what is between them is a
 * row. What is refused is answered as a SOAP fault that tells nothing of codes.
 * @param input.body at most 64 KiB
 * @param input.authorization the Authorization header; must repeat AuthData
 */
export async function answerRsaDialect(
  deps: ActionDeps,
  { body, authorization }: { body: Uint8Array; authorization: string | undefined },
): Promise<CtKipAnswer> {
  const answered = (reply: Uint8Array): CtKipAnswer => ({
    status: 200,
    contentType: rsaResponseContentType,
    body: reply,
  });
  let request: ReturnType<typeof readRsaRequest>;
  try {
    request = readRsaRequest(body);
  } catch (error) {
    if (!(error instanceof CtKipError)) throw error;
    return answered(writeRsaFault('The CT-KIP Web Service could not read the request.'));
  }
  const { authData } = request;
  const phone = rsaPhone(request, body);
  const find = async (): Promise<Found | undefined> => {
    const isSame = sameText(authData, authorization?.trim() ?? '');
    const run = isSame ? await findByCode(deps, authData) : undefined;
    if (!run || phone.pass === 'hello') return run && { run, session: undefined };
    const session = await findSession(deps, phone.sessionId);
    return { run, session: session?.activationId === run.activation.id ? session : undefined };
  };
  return answered(await answer(deps, phone, find));
}

/**
 * Answers one POST of a phone in the dialect of RFC 4758 (section 4.2): 200 for every message that was processed,
 * refusals included; 400 for what is no message of CT-KIP, 500 for one in a foreign namespace.
 * @param body at most 64 KiB
 */
export async function answerRfcDialect(deps: ActionDeps, body: Uint8Array): Promise<CtKipAnswer> {
  const answered = (reply: Uint8Array): CtKipAnswer => ({
    status: 200,
    contentType: rfcContentType,
    body: reply,
  });
  const message = readRfcRequest(body);
  if (message.type === 'Unreadable') return text(400, 'This is no message of CT-KIP.');
  if (message.type === 'Foreign') return text(500, 'The message is not in the namespace of CT-KIP 1.0.');
  if (message.type === 'Refused') return answered(message.reply);
  const find = async (): Promise<Found | undefined> => {
    if (message.type === 'ClientNonce') {
      const session = await findSession(deps, message.sessionId);
      const run = session?.dialect === 'RFC' ? await findBySession(deps, session) : undefined;
      return run && { run, session };
    }
    const code = message.triggerNonce && Buffer.from(message.triggerNonce).toString('base64url');
    const run = code ? await findByCode(deps, code) : undefined;
    return run && { run, session: undefined };
  };
  return answered(await answer(deps, rfcPhone(message, body), find));
}

/**
 * A refusal leaves at a whole number of ticks after its request came: how much there was to look up and to write down for
 * a code that is unknown, spent, expired or another device's does not show in the time.
 */
async function answer(
  deps: ActionDeps,
  phone: PhoneRequest,
  find: () => Promise<Found | undefined>,
): Promise<Uint8Array> {
  const untilNextTick = ticksFromNow(REFUSAL_TICK_MS);
  const passed = await pass(deps, phone, find);
  if (passed instanceof Uint8Array) return passed;
  await untilNextTick();
  return phone.refusal(passed.refused);
}

async function pass(
  deps: ActionDeps,
  phone: PhoneRequest,
  find: () => Promise<Found | undefined>,
): Promise<Passed> {
  if (!(await slowDownGuessing(deps))) return { refused: 'code' };
  const found = await find();
  if (!found) {
    await countRefusal(deps);
    return { refused: 'code' };
  }
  return phone.pass === 'nonce'
    ? answerSecondPass(deps, found.run, phone, found.session)
    : answerFirstPass(deps, found.run, phone);
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length > 0 && a.length === b.length && timingSafeEqual(a, b);
}
