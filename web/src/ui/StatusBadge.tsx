import {
  IconAlertTriangleFilled,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleHalf2,
  IconCircleOff,
  IconClockOff,
  IconReplace,
} from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { TokenStatus } from '../gql/graphql';

const shapes: Record<TokenStatus, { Icon: typeof IconCircle; color: string }> = {
  ACTIVE: { Icon: IconCircleCheckFilled, color: 'var(--sy-working)' },
  PENDING: { Icon: IconCircleHalf2, color: 'var(--sy-waiting)' },
  ASSIGNED: { Icon: IconCircle, color: 'var(--sy-quiet)' },
  UNASSIGNED: { Icon: IconCircleDashed, color: 'var(--sy-quiet)' },
  DISABLED: { Icon: IconCircleOff, color: 'var(--sy-stopped)' },
  LOST: { Icon: IconAlertTriangleFilled, color: 'var(--sy-stopped)' },
  EXPIRED: { Icon: IconClockOff, color: 'var(--sy-quiet)' },
  REPLACED: { Icon: IconReplace, color: 'var(--sy-quiet)' },
};

/** A token's status: a word and a shape, never colour alone. */
export function StatusBadge({ status }: { status: TokenStatus }) {
  const t = useTranslations('common.status');
  const { Icon, color } = shapes[status];
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, whiteSpace: 'nowrap' }}>
      <Icon size={16} color={color} aria-hidden="true" />
      {t(status)}
    </span>
  );
}
