import { createFileRoute } from '@tanstack/react-router';
import { TokenPage } from '../../features/tokens/TokenPage.tsx';

export const Route = createFileRoute('/admin/tokens/$serialNumber')({
  component: RoutePage,
});

function RoutePage() {
  return <TokenPage serialNumber={Route.useParams().serialNumber} />;
}
