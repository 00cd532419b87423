import { describe, expect, it } from 'vitest';
import type { MyRequest, MySettings, MyToken } from './my-documents.ts';
import { isEnding, nextStep, replaceable } from './next-step.ts';

const settings = {
  requestsEnabled: true,
  activationEnabled: true,
  expiringDays: 30,
  offers: [{ displayName: 'iPhone' }],
} as unknown as MySettings;
const active = {
  id: 'one',
  status: 'ACTIVE',
  enabled: true,
  confirmedAt: '2026-01-01T00:00:00Z',
  hasLiveSeed: true,
} as MyToken;
const waiting = {
  ...active,
  id: 'two',
  status: 'PENDING',
  confirmedAt: null,
  hasLiveSeed: false,
  pendingDistribution: { deliveryMethod: 'CT_KIP_QR' },
} as MyToken;
const toConfirm = { ...waiting, id: 'three', openActivation: { state: 'ACTIVATED' } } as MyToken;
const lost = { ...active, id: 'four', status: 'LOST', enabled: false } as MyToken;
const pending = { id: 'request', status: 'PENDING', token: null, replaces: null } as unknown as MyRequest;
const day = (daysFromNow: number) =>
  new Date(Date.now() + daysFromNow * 86_400_000).toISOString().slice(0, 10);

const kindOf = (tokens: MyToken[], requests: MyRequest[] = [], set = settings) =>
  nextStep(tokens, requests, set)?.kind;

describe('nextStep', () => {
  it('puts the code to type before the code to scan, and both before requests', () => {
    expect(kindOf([waiting, toConfirm], [pending])).toBe('confirm');
    expect(kindOf([active, waiting], [pending])).toBe('scan');
    expect(kindOf([active], [pending])).toBe('waiting');
    expect(kindOf([active], [{ ...pending, status: 'DEFERRED' }])).toBe('deferred');
    expect(kindOf([active])).toBeUndefined();
    expect(kindOf([])).toBeUndefined();
  });
  it('leads who never had a token through three steps', () => {
    expect(kindOf([waiting])).toBe('first');
  });
  it('says it when activation is switched off', () => {
    expect(kindOf([waiting], [], { ...settings, activationEnabled: false })).toBe('off');
  });
  it('offers a new link for a token that was asked for and comes by mail, also when the first ran out', () => {
    const byMail = { ...waiting, profile: { deliveryMethod: 'CT_KIP_URL' }, pendingDistribution: null };
    const approved = { ...pending, status: 'APPROVED', token: { id: 'two' } } as MyRequest;
    expect(kindOf([{ ...byMail, status: 'ASSIGNED' } as MyToken], [approved])).toBe('mailed');
    expect(kindOf([byMail as MyToken], [{ ...approved, status: 'COMPLETED' }])).toBeUndefined();
  });
  it('offers a replacement of what ends soon, or of what was lost when nothing works', () => {
    expect(kindOf([{ ...active, expiresOn: day(10) }])).toBe('replaceExpiring');
    expect(kindOf([{ ...active, expiresOn: day(100) }])).toBeUndefined();
    expect(kindOf([lost])).toBe('replaceLost');
    expect(kindOf([lost, active])).toBeUndefined();
    expect(kindOf([lost], [], { ...settings, requestsEnabled: false })).toBeUndefined();
  });
});

describe('replaceable', () => {
  it('is nothing while a request for it is open', () => {
    expect(replaceable(lost, [], settings)).toBe('LOST');
    expect(replaceable(lost, [{ ...pending, replaces: lost } as MyRequest], settings)).toBeNull();
    expect(replaceable(active, [], settings)).toBeNull();
  });
  it('takes the days of the settings', () => {
    expect(isEnding({ ...active, expiresOn: day(29) }, 30)).toBe(true);
    expect(isEnding({ ...active, expiresOn: day(32) }, 30)).toBe(false);
    expect(isEnding(active, 30)).toBe(false);
  });
});
