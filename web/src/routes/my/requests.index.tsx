import { createFileRoute } from '@tanstack/react-router';
import { RequestList } from '../../features/self-service/RequestList.tsx';

export const Route = createFileRoute('/my/requests/')({ component: RequestList });
