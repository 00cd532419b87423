import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSession } from '../../lib/session.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Section } from '../../ui/Page.tsx';
import type { ApiKeyFacts } from './account-documents.ts';
import { ApiKeyTable } from './ApiKeyTable.tsx';
import { NewApiKey } from './NewApiKey.tsx';

type OwnApiKeysProps = { apiKeys: readonly ApiKeyFacts[]; onChanged: () => void };

/** A person's own API keys. Whoever has lost every permission still sees and revokes them, and makes none. */
export function OwnApiKeys({ apiKeys, onChanged }: OwnApiKeysProps) {
  const t = useTranslations('account.keys');
  const { permissions } = useSession();
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title={t('title')}
      action={
        permissions.length > 0 && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {t('add')}
          </Button>
        )
      }
    >
      <Text c="dimmed">{t('hint')}</Text>
      <ApiKeyTable
        apiKeys={apiKeys}
        mayRevoke
        onChanged={onChanged}
        empty={<EmptyState title={t('none')}>{t('noneHint')}</EmptyState>}
      />
      {adding && (
        <NewApiKey
          onClose={(made) => {
            setAdding(false);
            if (made) onChanged();
          }}
        />
      )}
    </Section>
  );
}
