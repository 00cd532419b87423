import { Alert, Button, Group } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { loadSession, useSession } from '../lib/session.ts';

const WARN_MS = 60_000;

/** Says a minute before that the session ends, and offers to go on; what was typed stays. */
export function SessionEnding() {
  const t = useTranslations('session');
  const router = useRouter();
  const { expiresAt } = useSession();
  const [ending, setEnding] = useState<string>();
  useEffect(() => {
    const wait = Math.max(0, new Date(expiresAt).getTime() - Date.now() - WARN_MS);
    const timer = setTimeout(() => setEnding(expiresAt), wait);
    return () => clearTimeout(timer);
  }, [expiresAt]);
  // A session that was prolonged meanwhile ends later.
  if (ending !== expiresAt) return null;
  return (
    <Alert color="yellow" variant="outline" role="alert" mb="md" title={t('endsSoon')}>
      <Group>
        <Button variant="default" onClick={() => void loadSession().then(() => router.invalidate())}>
          {t('goOn')}
        </Button>
      </Group>
    </Alert>
  );
}
