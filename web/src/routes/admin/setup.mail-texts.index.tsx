import { createFileRoute } from '@tanstack/react-router';
import { MailTexts } from '../../features/notifications/MailTexts.tsx';

export const Route = createFileRoute('/admin/setup/mail-texts/')({ component: MailTexts });
