import type { Viewer } from '../auth/session.ts';
import type { ActionDeps } from '../lib/deps.ts';
import type { Loaders } from './loaders.ts';

/** Made once for a request (or a subscription); its loaders batch and never outlive it. */
export type GraphQLContext = {
  /** For actions; its actor is the viewer. Without a viewer the actor holds nothing. */
  deps: ActionDeps;
  viewer: Viewer | undefined;
  loaders: Loaders;
};
