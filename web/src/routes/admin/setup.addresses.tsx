import { createFileRoute } from '@tanstack/react-router';
import { AddressesSetup } from '../../features/addresses/AddressesSetup.tsx';

export const Route = createFileRoute('/admin/setup/addresses')({ component: AddressesSetup });
