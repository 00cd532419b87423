import { createFileRoute } from '@tanstack/react-router';
import { DefinitionPage } from '../../features/device-definitions/DefinitionPage.tsx';

export const Route = createFileRoute('/admin/device-definitions/$definitionId')({
  component: RoutePage,
});

function RoutePage() {
  return <DefinitionPage definitionId={Route.useParams().definitionId} />;
}
