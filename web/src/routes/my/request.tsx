import { createFileRoute } from '@tanstack/react-router';
import { AskForToken } from '../../features/self-service/AskForToken.tsx';

const reasons = ['BROKEN', 'LOST', 'EXPIRING'] as const;

export const Route = createFileRoute('/my/request')({
  validateSearch: (search): { replaces?: string; reason?: (typeof reasons)[number] } => {
    const reason = reasons.find((one) => one === search['reason']);
    // A serial number without leading zeros is read as a number.
    const replaces = String(search['replaces'] ?? '');
    return { ...(replaces ? { replaces } : {}), ...(reason ? { reason } : {}) };
  },
  component: RoutePage,
});

function RoutePage() {
  const { replaces, reason } = Route.useSearch();
  return <AskForToken key={replaces ?? ''} replaces={replaces} reason={reason} />;
}
