import { Alert, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { MarkedToken } from '../../ui/TokenMarks.tsx';

type NotedToken = MarkedToken & { pinStyle: 'NONE' | 'PINPAD' | 'FOB' };

/** What is special about an imported token, in sentences, and what to do about it. */
export function TokenNotes({ token }: { token: NotedToken }) {
  const t = useTranslations('tokens');
  const asksForPin = token.pinStyle !== 'NONE' && !token.managedElsewhere;
  if (!token.managedElsewhere && !token.onDevice && !asksForPin) return null;
  return (
    <Alert variant="outline" color={asksForPin ? 'yellow' : 'ink.7'}>
      {token.managedElsewhere && <Text size="sm">{t('marks.managedElsewhereHint')}</Text>}
      {token.onDevice && <Text size="sm">{t('marks.onDeviceHint')}</Text>}
      {asksForPin && <Text size="sm">{t('pinHint')}</Text>}
    </Alert>
  );
}
