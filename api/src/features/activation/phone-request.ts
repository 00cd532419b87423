import type { DeviceFacts } from '@symbolon/ct-kip/device-facts';
import type { HelloAnswer, NonceAnswer, Algorithms } from '@symbolon/ct-kip/server-exchange';
import type { ActionDeps } from '../../lib/deps.ts';
import type { CtKipRun } from './ct-kip-run.ts';
import type { KServer } from './server-keys.ts';
import type { CtKipSessionRow } from './table.ts';

/**
 * One POST of a phone, whichever dialect it speaks: what the two passes need to know of it, and how its answers are put.
 */
export type PhoneRequest = {
  dialect: 'RSA' | 'RFC';
  /** What the phone says of itself in this pass. */
  device: DeviceFacts;
  /** The request as it came, for knowing it again. */
  body: Uint8Array;
  /** The refusal of a code that is not good, or of a device that the token is not for; tells nothing of codes. */
  refusal(because: 'code' | 'device'): Uint8Array;
} & (
  | {
      pass: 'hello';
      /** ServerHello, or the protocol's refusal of what the phone offers; pure but for the server key. */
      answerHello(
        deps: ActionDeps,
        run: CtKipRun,
      ): Promise<{ answer: HelloAnswer; key?: KServer; algorithms?: Algorithms; reply: Uint8Array }>;
    }
  | {
      pass: 'nonce';
      sessionId: string;
      /** ServerFinished, or the protocol's refusal; pure. */
      answerNonce(
        deps: ActionDeps,
        run: CtKipRun,
        session: CtKipSessionRow,
        key: KServer,
      ): { answer: NonceAnswer; reply: Uint8Array };
    }
);

/** A first pass. */
export type HelloRequest = Extract<PhoneRequest, { pass: 'hello' }>;
/** A second pass. */
export type NonceRequest = Extract<PhoneRequest, { pass: 'nonce' }>;

/** What a pass comes to: the answer to send, or why the phone is refused. */
export type Passed = Uint8Array | { refused: 'code' | 'device' };

/** What ServerFinished calls us. */
export const SERVICE_ID = 'Symbolon';
