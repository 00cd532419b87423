import { createFileRoute, redirect } from '@tanstack/react-router';
import { requireSession } from '../../lib/require-session.ts';
import { AdminShell } from '../../ui/AdminShell.tsx';

export const Route = createFileRoute('/admin')({
  beforeLoad: async ({ location }) => {
    const context = await requireSession(location);
    if (context.session.permissions.length === 0) throw redirect({ to: '/my' });
    return context;
  },
  component: AdminShell,
});
