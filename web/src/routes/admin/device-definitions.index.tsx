import { createFileRoute } from '@tanstack/react-router';
import { DefinitionList } from '../../features/device-definitions/DefinitionList.tsx';

export const Route = createFileRoute('/admin/device-definitions/')({ component: DefinitionList });
