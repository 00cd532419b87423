import { createFileRoute, redirect } from '@tanstack/react-router';
import { loadSession } from '../lib/session.ts';

/** Leads people with a role to the Security Console and everybody else to self-service. */
export const Route = createFileRoute('/')({
  beforeLoad: async () => {
    const session = await loadSession();
    if (!session) throw redirect({ to: '/sign-in', search: {} });
    throw redirect({ to: session.permissions.length > 0 ? '/admin' : '/my' });
  },
});
