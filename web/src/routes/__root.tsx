import { createRootRouteWithContext, Outlet } from '@tanstack/react-router';
import type { Session } from '../lib/session.ts';

export const Route = createRootRouteWithContext<{ session: Session | undefined }>()({ component: Outlet });
