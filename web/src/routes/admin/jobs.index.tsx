import { createFileRoute } from '@tanstack/react-router';
import { JobList } from '../../features/jobs/JobList.tsx';
import { listSearch } from '../../lib/list-search.ts';
import type { PageCursor } from '../../ui/Pager.tsx';

export const Route = createFileRoute('/admin/jobs/')({
  validateSearch: (search): PageCursor => {
    const { after, before } = listSearch(search);
    return { ...(after ? { after } : {}), ...(before ? { before } : {}) };
  },
  component: JobsPage,
});

function JobsPage() {
  const navigate = Route.useNavigate();
  return <JobList query={Route.useSearch()} onQuery={(search) => void navigate({ search, replace: true })} />;
}
