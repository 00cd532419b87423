import { Alert } from '@mantine/core';
import type { ActionFailure } from '../lib/use-action.ts';
import { useFailureText } from '../lib/use-failure-text.ts';

/** Why an act was refused, beside the button that was pressed. */
export function FormError({ failure }: { failure: ActionFailure | null }) {
  const text = useFailureText();
  if (!failure) return null;
  return (
    <Alert color="red" variant="outline" role="alert">
      {text(failure)}
    </Alert>
  );
}
