import { createFileRoute } from '@tanstack/react-router';
import { readImportQuery } from '../../features/token-import/import-query.ts';
import { ImportTokens } from '../../features/token-import/ImportTokens.tsx';

export const Route = createFileRoute('/admin/tokens/import')({
  validateSearch: readImportQuery,
  component: ImportPage,
});

function ImportPage() {
  const navigate = Route.useNavigate();
  const query = Route.useSearch();
  return (
    <ImportTokens
      query={query}
      // A step is a place to come back to; a choice within a step is not.
      onQuery={(search) => void navigate({ search, replace: search.step === query.step })}
    />
  );
}
