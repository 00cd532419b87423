import { Alert, Button, Group } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSession } from '../lib/session.ts';

const WARN_MS = 60_000;

/** Says a minute before that the session ends, and offers to go on; what was typed stays. */
export function SessionEnding() {
  const t = useTranslations('session');
  const router = useRouter();
  const { expiresAt } = useSession();
  const [ending, setEnding] = useState(false);
  useEffect(() => {
    setEnding(false);
    const wait = Math.max(0, new Date(expiresAt).getTime() - Date.now() - WARN_MS);
    // Timers longer than 24 days fire at once; a session never lasts as long.
    const timer = setTimeout(() => setEnding(true), wait);
    return () => clearTimeout(timer);
  }, [expiresAt]);
  if (!ending) return null;
  return (
    <Alert color="yellow" variant="outline" role="alert" mb="md" title={t('endsSoon')}>
      <Group>
        <Button variant="default" onClick={() => void router.invalidate()}>
          {t('goOn')}
        </Button>
      </Group>
    </Alert>
  );
}
