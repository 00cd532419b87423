import { createFileRoute } from '@tanstack/react-router';
import { TokenList, type TokenListQuery } from '../../features/tokens/TokenList.tsx';
import type { TokenStatus } from '../../gql/graphql';
import { listSearch } from '../../lib/list-search.ts';

const statuses = ['UNASSIGNED', 'ASSIGNED', 'PENDING', 'ACTIVE', 'DISABLED', 'LOST', 'EXPIRED', 'REPLACED'];
const isStatus = (value: unknown): value is TokenStatus => statuses.includes(value as string);

export const Route = createFileRoute('/admin/tokens/')({
  validateSearch: (search): TokenListQuery => ({
    ...listSearch(search),
    ...(Array.isArray(search['status']) ? { status: search['status'].filter(isStatus) } : {}),
    ...(/^\d{4}-\d\d-\d\d$/.test(String(search['expiresBefore']))
      ? { expiresBefore: String(search['expiresBefore']) }
      : {}),
    ...(typeof search['profile'] === 'string' ? { profile: search['profile'] } : {}),
    ...(search['make'] === true ? { make: true } : {}),
  }),
  component: TokensPage,
});

function TokensPage() {
  const navigate = Route.useNavigate();
  return (
    <TokenList query={Route.useSearch()} onQuery={(search) => void navigate({ search, replace: true })} />
  );
}
