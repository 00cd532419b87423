import { createFileRoute } from '@tanstack/react-router';
import { ProfilePage } from '../../features/token-profiles/ProfilePage.tsx';

export const Route = createFileRoute('/admin/profiles/$profileId')({
  component: RoutePage,
});

function RoutePage() {
  return <ProfilePage profileId={Route.useParams().profileId} />;
}
