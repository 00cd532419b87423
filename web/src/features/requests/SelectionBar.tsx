import { Button, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type BulkVerb, DecideMany } from './DecideMany.tsx';

/** The API's limit for one act. */
const AT_MOST = 200;
const verbs: BulkVerb[] = ['APPROVE', 'REJECT'];

type SelectionBarProps = {
  requestIds: string[];
  onClear: () => void;
  /** Tells in a sentence what was done. */
  onDone: (news: string) => void;
};

/** What can be decided for all selected requests at once. */
export function SelectionBar({ requestIds, onClear, onDone }: SelectionBarProps) {
  const t = useTranslations('requestQueue.many');
  const [verb, setVerb] = useState<BulkVerb>();
  const count = requestIds.length;
  const isTooMany = count > AT_MOST;
  return (
    <Paper withBorder p="xs" pos="sticky" top={60} style={{ zIndex: 2 }} role="group" aria-label={t('bar')}>
      <Group gap="xs">
        <Text size="sm" fw={500} mr="xs">
          {t('selected', { count })}
        </Text>
        {isTooMany ? (
          <Text size="sm">{t('tooMany')}</Text>
        ) : (
          verbs.map((one) => (
            <Button key={one} variant="default" onClick={() => setVerb(one)}>
              {t(one, { count })}
            </Button>
          ))
        )}
        <Button variant="subtle" onClick={onClear}>
          {t('clear')}
        </Button>
      </Group>
      {verb && (
        <DecideMany
          verb={verb}
          requestIds={requestIds}
          onDone={onDone}
          onClose={(wasDone) => {
            setVerb(undefined);
            if (wasDone) onClear();
          }}
        />
      )}
    </Paper>
  );
}
