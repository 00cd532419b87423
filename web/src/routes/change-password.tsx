import { createFileRoute, redirect } from '@tanstack/react-router';
import { ChangePassword } from '../features/session/ChangePassword.tsx';
import { loadSession } from '../lib/session.ts';

export const Route = createFileRoute('/change-password')({
  beforeLoad: async () => {
    const session = await loadSession();
    if (!session) throw redirect({ to: '/sign-in', search: { next: '/change-password' } });
    return { session };
  },
  component: ChangePassword,
});
