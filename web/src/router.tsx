import { createRouter } from '@tanstack/react-router';
import { onRefused } from './lib/apollo.ts';
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

// A session that ended leads to sign-in and back to where the person was.
onRefused.signIn = () => {
  const { pathname, href } = router.state.location;
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { next: href } });
};
onRefused.changePassword = () => void router.navigate({ to: '/change-password' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
