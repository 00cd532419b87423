import { createFileRoute } from '@tanstack/react-router';
import { AssignTokens } from '../../features/users/AssignTokens.tsx';
import { listSearch } from '../../lib/list-search.ts';

export const Route = createFileRoute('/admin/users/$userName_/assign')({
  validateSearch: (search): { search?: string; after?: string; before?: string } => listSearch(search),
  component: AssignPage,
});

function AssignPage() {
  const navigate = Route.useNavigate();
  const { userName } = Route.useParams();
  return (
    <AssignTokens
      key={userName}
      userName={userName}
      query={Route.useSearch()}
      onQuery={(search) => void navigate({ search, replace: true })}
    />
  );
}
