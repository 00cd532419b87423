import { createFileRoute } from '@tanstack/react-router';
import { AllApiKeys } from '../../features/account/AllApiKeys.tsx';
import { readAllKeysQuery } from '../../features/account/all-keys-query.ts';

export const Route = createFileRoute('/admin/setup/api-keys')({
  validateSearch: readAllKeysQuery,
  component: RoutePage,
});

function RoutePage() {
  const navigate = Route.useNavigate();
  return (
    <AllApiKeys query={Route.useSearch()} onQuery={(search) => void navigate({ search, replace: true })} />
  );
}
