import { createRouter } from '@tanstack/react-router';
import { onRefused } from './lib/apollo.ts';
import { onSession } from './lib/session.ts';
import { routeTree } from './routeTree.gen.ts';
import { NotFound } from './ui/NotFound.tsx';
import { PageProblem } from './ui/PageProblem.tsx';

export const router = createRouter({
  routeTree,
  context: { session: undefined },
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageProblem,
});

onSession.told = () => void router.invalidate();

// These need no session. The address of «activate» holds a ticket, which must not go on into another address.
const isOpenToAll = () => ['/sign-in', '/activate'].includes(router.state.location.pathname);

// A session that ended leads to sign-in and back to where the person was.
onRefused.signIn = () => {
  if (!isOpenToAll()) void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } });
};
onRefused.changePassword = () => {
  if (!isOpenToAll()) void router.navigate({ to: '/change-password' });
};

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
