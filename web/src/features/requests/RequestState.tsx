import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconCircleHalf2,
  IconCircleXFilled,
  IconClockOff,
  IconClockPause,
} from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { TokenRequestStatus } from '../../gql/graphql';
import type { QueueRequest } from './request-documents.ts';

const waiting = { Icon: IconCircleHalf2, color: 'var(--sy-waiting)' };
const shapes: Record<TokenRequestStatus, typeof waiting> = {
  PENDING: waiting,
  DEFERRED: { Icon: IconClockPause, color: 'var(--sy-waiting)' },
  APPROVED: waiting,
  WAITING_FOR_TOKEN: waiting,
  REJECTED: { Icon: IconCircleXFilled, color: 'var(--sy-stopped)' },
  CANCELLED: { Icon: IconBan, color: 'var(--sy-quiet)' },
  EXPIRED: { Icon: IconClockOff, color: 'var(--sy-quiet)' },
  FAILED: { Icon: IconAlertTriangleFilled, color: 'var(--sy-stopped)' },
  COMPLETED: { Icon: IconCircleCheckFilled, color: 'var(--sy-working)' },
};

/** Where a request stands: a word and a shape, never colour alone. */
export function RequestState({ request }: { request: QueueRequest }) {
  const words = useStateWords();
  const { Icon, color } = shapes[request.status];
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}>
      <Icon size={16} color={color} aria-hidden="true" style={{ flexShrink: 0 }} />
      {words(request)}
    </span>
  );
}

/** Puts into words whom or what a request waits for, or how it ended. */
export function useStateWords(): (request: QueueRequest) => string {
  const t = useTranslations('requestQueue.state');
  return ({ approvalSteps, approvalsGiven, status, waitsFor }) => {
    const values = { step: approvalsGiven + 1, steps: approvalSteps };
    const hasSteps = approvalSteps > 1;
    if (status === 'DEFERRED') return t(hasSteps ? 'DEFERRED_step' : 'DEFERRED', values);
    if (waitsFor === 'APPROVER') return t(hasSteps ? 'APPROVER_step' : 'APPROVER', values);
    return t(waitsFor ?? status);
  };
}
