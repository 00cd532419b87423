import type { MyRequest, MySettings, MyToken } from './my-documents.ts';
import { isOpen } from './request-state.ts';

export type NextStep =
  | { kind: 'confirm' | 'scan' | 'first' | 'off' | 'url' | 'mailed' | 'file'; token: MyToken }
  | { kind: 'waiting' | 'deferred'; request: MyRequest }
  | { kind: 'replaceExpiring' | 'replaceLost'; token: MyToken };

/** What waits for the owner of a token: a code to scan, a code to type, or nothing. */
export function stepOfToken(token: MyToken): 'scan' | 'confirm' | 'none' {
  if (!token.enabled || token.status === 'EXPIRED') return 'none';
  if (token.openActivation?.state === 'ACTIVATED') return 'confirm';
  const method = token.pendingDistribution?.deliveryMethod;
  return method === 'CT_KIP_QR' || method === 'OTPAUTH_QR' ? 'scan' : 'none';
}

/** Whether people may ask for a token here. */
export const mayAsk = ({ requestsEnabled, offers }: MySettings): boolean =>
  requestsEnabled && offers.length > 0;

const isStopped = ({ status }: MyToken): boolean => !['ACTIVE', 'PENDING', 'ASSIGNED'].includes(status);

/** Whether a token's last day is near enough to ask for a new one; also when it has passed. */
export function isEnding(token: MyToken, days: number, now = Date.now()): boolean {
  if (!token.expiresOn || !['ACTIVE', 'EXPIRED'].includes(token.status)) return false;
  return Date.parse(token.expiresOn) - now <= days * 86_400_000;
}

/** Why a replacement of a token may be asked for now; null when there is no reason, or somebody decides it already. */
export function replaceable(
  token: MyToken,
  requests: readonly MyRequest[],
  settings: MySettings,
): 'LOST' | 'BROKEN' | 'EXPIRING' | null {
  if (!mayAsk(settings)) return null;
  if (requests.some((request) => isOpen(request) && request.replaces?.id === token.id)) return null;
  if (token.status === 'LOST') return 'LOST';
  if (token.status === 'DISABLED') return 'BROKEN';
  return isEnding(token, settings.expiringDays) ? 'EXPIRING' : null;
}

/** Whether the link of a token that one asked for comes by mail, and may be mailed anew. */
const comesByMail = (token: MyToken, requests: readonly MyRequest[]): boolean =>
  token.enabled &&
  ['PENDING', 'ASSIGNED'].includes(token.status) &&
  !token.hasProvisionalSeed &&
  token.profile?.deliveryMethod === 'CT_KIP_URL' &&
  requests.some((request) => request.status === 'APPROVED' && request.token?.id === token.id);

/** The one thing to do next; null when all is done. A code to type comes first: the phone is in the hand. */
export function nextStep(
  tokens: readonly MyToken[],
  requests: readonly MyRequest[],
  settings: MySettings,
): NextStep | null {
  const confirm = tokens.find((token) => stepOfToken(token) === 'confirm');
  if (confirm) return { kind: 'confirm', token: confirm };
  const scan = tokens.find((token) => stepOfToken(token) === 'scan');
  if (scan && !settings.activationEnabled) return { kind: 'off', token: scan };
  if (scan) {
    const isFirst = tokens.every(({ confirmedAt, hasLiveSeed }) => !confirmedAt && !hasLiveSeed);
    return { kind: isFirst ? 'first' : 'scan', token: scan };
  }
  const file = tokens.find(
    ({ enabled, status, pendingDistribution: pending }) =>
      enabled &&
      status !== 'EXPIRED' &&
      (pending?.deliveryMethod === 'FILE' || pending?.deliveryMethod === 'CTF'),
  );
  if (file) return { kind: settings.activationEnabled ? 'file' : 'off', token: file };
  const mailed = tokens.find((token) => comesByMail(token, requests));
  if (mailed) return { kind: settings.activationEnabled ? 'mailed' : 'off', token: mailed };
  const url = tokens.find(
    ({ enabled, status, pendingDistribution }) => enabled && status !== 'EXPIRED' && pendingDistribution,
  );
  if (url) return { kind: 'url', token: url };
  const request = requests.find((one) => isOpen(one) && !one.token);
  if (request) return { kind: request.status === 'DEFERRED' ? 'deferred' : 'waiting', request };
  const ending = tokens.find((token) => replaceable(token, requests, settings) === 'EXPIRING');
  if (ending?.status === 'ACTIVE') return { kind: 'replaceExpiring', token: ending };
  const hasWorking = tokens.some((token) => !isStopped(token));
  const lost = tokens.find(({ status }) => status === 'LOST');
  if (!hasWorking && lost && replaceable(lost, requests, settings))
    return { kind: 'replaceLost', token: lost };
  return null;
}
