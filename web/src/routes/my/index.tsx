import { createFileRoute } from '@tanstack/react-router';
import { MyAuthenticators } from '../../features/self-service/MyAuthenticators.tsx';

export const Route = createFileRoute('/my/')({ component: MyAuthenticators });
