import { createFileRoute } from '@tanstack/react-router';
import { SelfServiceSetup } from '../../features/settings/SelfServiceSetup.tsx';

export const Route = createFileRoute('/admin/setup/self-service')({ component: SelfServiceSetup });
