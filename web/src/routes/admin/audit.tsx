import { createFileRoute } from '@tanstack/react-router';
import { AuditLog } from '../../features/audit/AuditLog.tsx';
import { type AuditQuery, auditFilters } from '../../features/audit/audit-query.ts';
import { listSearch } from '../../lib/list-search.ts';

export const Route = createFileRoute('/admin/audit')({
  validateSearch: (search): AuditQuery => {
    const { after, before } = listSearch(search);
    const filters = auditFilters.flatMap((name) => {
      const value = search[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
    });
    return { ...Object.fromEntries(filters), ...(after ? { after } : {}), ...(before ? { before } : {}) };
  },
  component: AuditPage,
});

function AuditPage() {
  const navigate = Route.useNavigate();
  return (
    <AuditLog query={Route.useSearch()} onQuery={(search) => void navigate({ search, replace: true })} />
  );
}
