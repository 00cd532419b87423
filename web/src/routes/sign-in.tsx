import { createFileRoute, redirect } from '@tanstack/react-router';
import { afterSignIn } from '../features/session/after-sign-in.ts';
import { SignIn } from '../features/session/SignIn.tsx';
import { loadSession } from '../lib/session.ts';
import { Branded } from '../ui/Branded.tsx';

// Only a path of our own: «//host» and «https://host» lead elsewhere.
const ownPath = (next: unknown): string | undefined =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined;

export const Route = createFileRoute('/sign-in')({
  validateSearch: (search): { next?: string | undefined } => ({ next: ownPath(search['next']) }),
  beforeLoad: async ({ search, location }) => {
    if (await loadSession())
      throw redirect({
        href: afterSignIn(search.next, location.hash),
        reloadDocument: search.next?.startsWith('/explorer') ?? false,
      });
  },
  component: RoutePage,
});

function RoutePage() {
  return (
    <Branded>
      <SignIn next={Route.useSearch().next} />
    </Branded>
  );
}
