import { createFileRoute } from '@tanstack/react-router';
import { ProfileList } from '../../features/token-profiles/ProfileList.tsx';

export const Route = createFileRoute('/admin/profiles/')({ component: ProfileList });
