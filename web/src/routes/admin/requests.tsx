import { createFileRoute } from '@tanstack/react-router';
import { readQueueQuery } from '../../features/requests/queue-query.ts';
import { RequestQueue } from '../../features/requests/RequestQueue.tsx';

export const Route = createFileRoute('/admin/requests')({
  validateSearch: readQueueQuery,
  component: RequestsPage,
});

function RequestsPage() {
  const navigate = Route.useNavigate();
  return (
    <RequestQueue
      query={Route.useSearch()}
      onQuery={(search) => void navigate({ search, replace: true, resetScroll: false })}
    />
  );
}
