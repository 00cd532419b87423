import { createFileRoute } from '@tanstack/react-router';
import { DistributeWizard } from '../../features/distribution/DistributeWizard.tsx';
import { type WizardQuery, wizardSteps } from '../../features/distribution/wizard-steps.ts';

const text = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

export const Route = createFileRoute('/admin/distribute')({
  validateSearch: (search): WizardQuery => {
    const step = wizardSteps.find((name) => name === search['step']);
    const given = { token: text(search['token']), profile: text(search['profile']), step };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  },
  component: DistributePage,
});

function DistributePage() {
  const navigate = Route.useNavigate();
  return <DistributeWizard query={Route.useSearch()} onQuery={(search) => void navigate({ search })} />;
}
