import { createFileRoute } from '@tanstack/react-router';
import { Limits } from '../../features/settings/Limits.tsx';

export const Route = createFileRoute('/admin/setup/')({ component: Limits });
