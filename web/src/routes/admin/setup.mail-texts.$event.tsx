import { createFileRoute } from '@tanstack/react-router';
import { MailText } from '../../features/notifications/MailText.tsx';

export const Route = createFileRoute('/admin/setup/mail-texts/$event')({
  validateSearch: ({ profile }): { profile?: string } => (typeof profile === 'string' ? { profile } : {}),
  component: RoutePage,
});

function RoutePage() {
  const navigate = Route.useNavigate();
  const { event } = Route.useParams();
  return (
    <MailText
      event={event}
      profileId={Route.useSearch().profile}
      onProfile={(profile) => void navigate({ search: profile ? { profile } : {} })}
    />
  );
}
