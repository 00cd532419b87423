import { createFileRoute } from '@tanstack/react-router';
import { JobPage } from '../../features/jobs/JobPage.tsx';
import type { JobRowOutcome } from '../../gql/graphql';
import { listSearch } from '../../lib/list-search.ts';
import { jobRowOutcomes, type JobRowsPage } from '../../ui/JobRows.tsx';

const isOutcome = (value: unknown): value is JobRowOutcome => jobRowOutcomes.includes(value as JobRowOutcome);

export const Route = createFileRoute('/admin/jobs/$jobId')({
  validateSearch: (search): JobRowsPage => {
    const { after, before } = listSearch(search);
    const { outcome } = search;
    return {
      ...(isOutcome(outcome) ? { outcome } : {}),
      ...(after ? { after } : {}),
      ...(before ? { before } : {}),
    };
  },
  component: RoutePage,
});

function RoutePage() {
  const navigate = Route.useNavigate();
  return (
    <JobPage
      jobId={Route.useParams().jobId}
      query={Route.useSearch()}
      onQuery={(search) => void navigate({ search, replace: true })}
    />
  );
}
