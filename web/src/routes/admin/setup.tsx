import { createFileRoute } from '@tanstack/react-router';
import { SetupFrame } from '../../features/settings/SetupFrame.tsx';

export const Route = createFileRoute('/admin/setup')({ component: SetupFrame });
