import { useFormatter, useTranslations } from 'use-intl';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import type { MyRequest, MySettings } from './my-documents.ts';
import { stateSince } from './request-state.ts';

type Offers = readonly Pick<MySettings['offers'][number], 'displayName' | 'profile'>[];

/** Requests in words: what was asked for, and where it stands as a short line. */
export function useRequestWords(offers: Offers): {
  what(request: Pick<MyRequest, 'kind' | 'profile' | 'replaces'>): string;
  profile(request: Pick<MyRequest, 'profile'>): string;
  line(request: MyRequest): string;
} {
  const t = useTranslations('requests');
  const format = useFormatter();

  const since = (at: string): string => {
    const moment = new Date(at);
    const days = Math.round((dayOf(new Date()) - dayOf(moment)) / 86_400_000);
    if (days === 0) return format.dateTime(moment, { timeStyle: 'short' });
    return days === 1 ? t('yesterday') : format.dateTime(moment, { dateStyle: 'medium' });
  };
  const profile = (request: Pick<MyRequest, 'profile'>): string =>
    offers.find((offer) => offer.profile.id === request.profile.id)?.displayName ?? request.profile.name;

  const line = (request: MyRequest): string => {
    const { approvalsGiven, approvalSteps, decisions, failure, status, waitsFor } = request;
    const comment = decisions.at(-1)?.comment;
    switch (status) {
      case 'REJECTED':
        return comment ? t('line.rejectedWith', { comment }) : t('line.rejected');
      case 'CANCELLED':
        return t('line.cancelled');
      case 'EXPIRED':
        return t('line.expired');
      case 'FAILED':
        return failure ? t('line.failedWith', { failure }) : t('line.failed');
      case 'COMPLETED':
        return t('line.completed');
      case 'WAITING_FOR_TOKEN':
        return t('line.token');
      case 'DEFERRED':
        return comment
          ? t('line.deferredWith', { comment })
          : t('line.deferred', { since: since(stateSince(request)) });
      default:
    }
    if (waitsFor === 'ACTIVATION') return t('line.activation');
    if (waitsFor === 'TOKEN') return t('line.token');
    if (waitsFor === 'DISTRIBUTOR') return t('line.distributor');
    if (status === 'APPROVED') return t('line.approved');
    const values = { since: since(stateSince(request)), step: approvalsGiven + 1, steps: approvalSteps };
    return t(approvalSteps > 1 ? 'line.approverStep' : 'line.approver', values);
  };

  return {
    profile,
    line,
    what: (request) =>
      [
        t(`kind.${request.kind}`),
        request.replaces ? groupSerialNumber(request.replaces.serialNumber) : profile(request),
      ].join(' · '),
  };
}

/** Midnight of a moment's day, here. */
const dayOf = (moment: Date): number => new Date(moment).setHours(0, 0, 0, 0);
