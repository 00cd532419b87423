import { Button, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../gql';
import { useAction } from '../lib/use-action.ts';
import { FormError } from './FormError.tsx';

const ClaimFileDocument = graphql(`
  mutation ClaimFile($fileId: ID!) {
    claimFile(input: { fileId: $fileId }) {
      ...Failure
      ... on ClaimFileSuccess {
        url
        expiresAt
      }
    }
  }
`);

/** A one-time file: one click claims and saves it, and there is no second. */
export function ClaimFile({ file, icon }: { file: { id: string; name: string }; icon?: ReactNode }) {
  const t = useTranslations('common.oneTimeFile');
  const { run, busy, failure } = useAction(ClaimFileDocument);
  const [isClaimed, setClaimed] = useState(false);
  const claim = async () => {
    const claimed = await run({ fileId: file.id });
    if (!claimed) return;
    setClaimed(true);
    // By path: the page may be open at another of our addresses, where the session is.
    location.assign(new URL(claimed.url).pathname);
  };
  return (
    <Stack gap="xs" align="flex-start">
      <FormError failure={failure} />
      <Button leftSection={icon} loading={busy} disabled={isClaimed} onClick={() => void claim()}>
        {t('download', { name: file.name })}
      </Button>
      <Text size="sm" c="dimmed" role="status">
        {t(isClaimed ? 'claimed' : 'once')}
      </Text>
    </Stack>
  );
}
