import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useAction } from '../../lib/use-action.ts';
import { FormError } from '../../ui/FormError.tsx';

const SendNewLinkDocument = graphql(`
  mutation SendNewLink($tokenId: ID!) {
    sendActivationLink(input: { tokenId: $tokenId }) {
      ...Failure
      ... on SendActivationLinkSuccess {
        sentTo
        activation {
          id
          token {
            id
            status
          }
        }
      }
    }
  }
`);

/** For a token whose link came by mail: mails a new one to its owner, and says where to. */
export function NewLinkButton({ tokenId }: { tokenId: string }) {
  const t = useTranslations('my.next.mailed');
  const { run, busy, failure } = useAction(SendNewLinkDocument);
  const [address, setAddress] = useState<string | null>(null);
  const send = async () => {
    const sent = await run({ tokenId });
    if (sent && 'sentTo' in sent) setAddress(sent.sentTo);
  };
  return (
    <Stack gap="xs" align="flex-start" mt="xs">
      <FormError failure={failure} />
      <Button variant="default" loading={busy} onClick={() => void send()}>
        {t('button')}
      </Button>
      <Text role="status" size="sm">
        {address && t('sent', { address })}
      </Text>
    </Stack>
  );
}
