import { createFileRoute } from '@tanstack/react-router';
import { MailSetup } from '../../features/notifications/MailSetup.tsx';
import { readOutboxQuery } from '../../features/notifications/outbox-query.ts';

export const Route = createFileRoute('/admin/setup/mail')({
  validateSearch: readOutboxQuery,
  component: RoutePage,
});

function RoutePage() {
  const navigate = Route.useNavigate();
  return (
    <MailSetup query={Route.useSearch()} onQuery={(search) => void navigate({ search, replace: true })} />
  );
}
