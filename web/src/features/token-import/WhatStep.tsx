import { Alert, Button, Checkbox, Group, Radio, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type ImportQuery, type SeedKind, seedKinds } from './import-query.ts';

type WhatStepProps = {
  fileName: string;
  query: ImportQuery;
  /** Told of every choice, for the address. */
  onChange: (chosen: ImportQuery) => void;
  onBack: () => void;
  onCheck: (chosen: ImportQuery) => void;
  onImport: (chosen: ImportQuery) => void;
  busy: boolean;
  /** Password fields and refusals, above the buttons. */
  children: ReactNode;
};

/** What the tokens of the file are, and what becomes of those that are here already or wrong. */
export function WhatStep(props: WhatStepProps) {
  const { fileName, onBack, onCheck, onImport, busy, children } = props;
  const t = useTranslations('tokenImport');
  const [isMissing, setIsMissing] = useState(false);
  // The address follows a moment later; what is pressed next must know already.
  const [query, setQuery] = useState(props.query);
  const onChange = (change: ImportQuery) => {
    const chosen = { ...query, ...change };
    setQuery(chosen);
    props.onChange(chosen);
  };
  const go = (act: (chosen: ImportQuery) => void) => {
    setIsMissing(!query.seeds);
    if (query.seeds) act(query);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        go(onCheck);
      }}
    >
      <Stack gap="lg">
        <Text style={{ overflowWrap: 'anywhere' }}>{t('chosen', { name: fileName })}</Text>
        <Radio.Group
          label={t('what')}
          value={query.seeds ?? ''}
          onChange={(seeds) => {
            setIsMissing(false);
            onChange({ seeds: seeds as SeedKind });
          }}
          error={isMissing && t('whatMissing')}
          errorProps={{ role: 'alert' }}
        >
          <Stack gap="sm" mt={4} mb={isMissing ? 4 : 0}>
            {seedKinds.map((kind) => (
              <Radio.Card key={kind} value={kind} p="md" radius="md">
                <Group wrap="nowrap" align="flex-start">
                  <Radio.Indicator />
                  <div style={{ minWidth: 0 }}>
                    <Text fw={600}>{t(`kinds.${kind}.title`)}</Text>
                    <Text size="sm" c="dimmed">
                      {t(`kinds.${kind}.text`)}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
        <Duplicates query={query} onChange={onChange} />
        <Radio.Group
          label={t('badRows')}
          value={query.skipBad ? 'skip' : 'refuse'}
          onChange={(value) => onChange({ skipBad: value === 'skip' })}
        >
          <Stack gap="xs" mt={4}>
            <Radio value="refuse" label={t('badRefuse')} />
            <Radio value="skip" label={t('badSkip')} />
          </Stack>
        </Radio.Group>
        {children}
        <Group>
          <Button variant="default" onClick={onBack}>
            {t('back')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('check')}
          </Button>
          {!query.overwrite && (
            <Button variant="subtle" disabled={busy} onClick={() => go(onImport)}>
              {t('importUnchecked')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

type DuplicatesProps = { query: ImportQuery; onChange: (change: ImportQuery) => void };

/** What becomes of tokens that are here already; those of people need a second choice. */
function Duplicates({ query, onChange }: DuplicatesProps) {
  const t = useTranslations('tokenImport');
  return (
    <Stack gap="sm">
      <Radio.Group
        label={t('duplicates')}
        value={query.overwrite ? 'overwrite' : 'skip'}
        onChange={(value) => onChange({ overwrite: value === 'overwrite', assigned: false })}
      >
        <Stack gap="xs" mt={4}>
          <Radio value="skip" label={t('duplicatesSkip')} />
          <Radio value="overwrite" label={t('duplicatesOverwrite')} />
        </Stack>
      </Radio.Group>
      {query.overwrite && (
        <Checkbox
          ml={28}
          label={t('overwriteAssigned')}
          checked={query.assigned === true}
          onChange={(event) => onChange({ assigned: event.currentTarget.checked })}
        />
      )}
      {query.overwrite && query.assigned && (
        <Alert variant="outline" color="yellow" role="status">
          {t('overwriteAssignedEffect')}
        </Alert>
      )}
    </Stack>
  );
}
