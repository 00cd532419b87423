import { createFileRoute } from '@tanstack/react-router';
import { RequestPage } from '../../features/self-service/RequestPage.tsx';

export const Route = createFileRoute('/my/requests/$requestId')({
  component: RoutePage,
});

function RoutePage() {
  return <RequestPage requestId={Route.useParams().requestId} />;
}
