import { createFileRoute } from '@tanstack/react-router';
import { Setup } from '../../features/settings/Setup.tsx';

export const Route = createFileRoute('/admin/setup')({ component: Setup });
