import { createFileRoute } from '@tanstack/react-router';
import { AppearanceSetup } from '../../features/settings/AppearanceSetup.tsx';

export const Route = createFileRoute('/admin/setup/appearance')({ component: AppearanceSetup });
