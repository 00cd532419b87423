import { createFileRoute } from '@tanstack/react-router';
import { requireSession } from '../../lib/require-session.ts';
import { MyShell } from '../../ui/MyShell.tsx';
import { Branded } from '../../ui/Branded.tsx';

export const Route = createFileRoute('/my')({
  beforeLoad: ({ location }) => requireSession(location),
  component: BrandedPage,
});

function BrandedPage() {
  return (
    <Branded>
      <MyShell />
    </Branded>
  );
}
