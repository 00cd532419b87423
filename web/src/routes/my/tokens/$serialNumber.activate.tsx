import { createFileRoute } from '@tanstack/react-router';
import { ActivateToken } from '../../../features/activation/ActivateToken.tsx';

export const Route = createFileRoute('/my/tokens/$serialNumber/activate')({
  component: RoutePage,
});

function RoutePage() {
  return <ActivateToken serialNumber={Route.useParams().serialNumber} />;
}
