import { createFileRoute } from '@tanstack/react-router';
import { ApprovalSetup } from '../../features/settings/ApprovalSetup.tsx';

export const Route = createFileRoute('/admin/setup/approval')({ component: ApprovalSetup });
