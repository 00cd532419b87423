import { createFileRoute } from '@tanstack/react-router';
import { UserList } from '../../features/users/UserList.tsx';
import { listSearch } from '../../lib/list-search.ts';

export const Route = createFileRoute('/admin/users/')({
  validateSearch: (
    search,
  ): { search?: string; enabled?: boolean; after?: string; before?: string; add?: boolean } => ({
    ...listSearch(search),
    ...(typeof search['enabled'] === 'boolean' ? { enabled: search['enabled'] } : {}),
    ...(search['add'] === true ? { add: true } : {}),
  }),
  component: UsersPage,
});

function UsersPage() {
  const navigate = Route.useNavigate();
  return (
    <UserList query={Route.useSearch()} onQuery={(search) => void navigate({ search, replace: true })} />
  );
}
