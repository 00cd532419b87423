import { createFileRoute } from '@tanstack/react-router';
import { OpenLink } from '../features/activation/OpenLink.tsx';
import { Branded } from '../ui/Branded.tsx';

export const Route = createFileRoute('/activate')({ component: BrandedPage });

function BrandedPage() {
  return (
    <Branded>
      <OpenLink />
    </Branded>
  );
}
