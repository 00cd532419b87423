import { createFileRoute } from '@tanstack/react-router';
import { NewProfile } from '../../features/token-profiles/NewProfile.tsx';

export const Route = createFileRoute('/admin/profiles/new')({ component: NewProfile });
