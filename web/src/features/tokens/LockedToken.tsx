import { Alert, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';

const UnlockTokenDocument = graphql(`
  mutation UnlockToken($tokenId: ID!) {
    unlockToken(input: { tokenId: $tokenId }) {
      ...Failure
      ... on UnlockTokenSuccess {
        token {
          id
          lockedAt
        }
      }
    }
  }
`);

type LockedTokenProps = {
  token: { id: string; lockedAt: string };
  /** Whose token it is. */
  name: string;
  mayUnlock: boolean;
};

/** That a token is locked where its owner signs in with it, since when, and the help desk's way out. */
export function LockedToken({ token, name, mayUnlock }: LockedTokenProps) {
  const t = useTranslations('tokens');
  const [asked, setAsked] = useState(false);
  const { run, busy, failure } = useAction(UnlockTokenDocument);
  const unlock = async () => {
    if (await run({ tokenId: token.id })) setAsked(false);
  };
  return (
    <Alert variant="outline" color="yellow" title={t('locked')}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {t('lockedSince')} <TimeText at={token.lockedAt} />. {t('lockedHint', { name })}
        </Text>
        {mayUnlock && (
          <Button variant="default" onClick={() => setAsked(true)}>
            {t('unlock')}
          </Button>
        )}
      </Group>
      <ConfirmDialog
        opened={asked}
        onClose={() => setAsked(false)}
        title={t('unlockNamed', { name })}
        confirmLabel={t('unlock')}
        onConfirm={() => void unlock()}
        busy={busy}
        failure={failure}
      >
        {t('unlockEffect', { name })}
      </ConfirmDialog>
    </Alert>
  );
}
