import { Alert, Button, Group, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { failureOf } from '../lib/use-action.ts';
import { useFailureText } from '../lib/use-failure-text.ts';

/** What went wrong while something was loaded, and a way to try again in place. */
export function PageProblem({
  error,
  reset,
  onRetry,
}: {
  error: unknown;
  reset?: () => void;
  onRetry?: () => void;
}) {
  const t = useTranslations('common.problem');
  const text = useFailureText();
  const retry = onRetry ?? reset ?? (() => location.reload());
  return (
    <Alert color="red" variant="outline" title={t('title')} m="md" role="alert">
      <Text mb="sm">{text(failureOf(error))}</Text>
      <Group>
        <Button variant="default" onClick={retry}>
          {t('retry')}
        </Button>
      </Group>
    </Alert>
  );
}
