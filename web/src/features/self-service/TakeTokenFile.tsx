import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { TakeTokenFileMutation } from '../../gql/graphql';
import { useAction } from '../../lib/use-action.ts';
import { ClaimFile } from '../../ui/ClaimFile.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { TokenString } from '../../ui/TokenString.tsx';

// Neither token nor distribution is asked for: the page keeps showing this step until it is loaded anew.
const TakeTokenFileDocument = graphql(`
  mutation TakeTokenFile($tokenId: ID!, $filePassword: String!) {
    takeTokenFile(input: { tokenId: $tokenId, filePasswordRule: PASSWORD, filePassword: $filePassword }) {
      ...Failure
      ... on TakeTokenFileSuccess {
        ctfUrl
        file {
          id
          name
        }
      }
    }
  }
`);

type Taken = Extract<TakeTokenFileMutation['takeTokenFile'], { ctfUrl: unknown }>;

/** For a token that its owner takes as a file or link: asks for a password, makes it, and gives it once. */
export function TakeTokenFile({ tokenId }: { tokenId: string }) {
  const t = useTranslations('my.next.file');
  const { run, busy, failure, fieldErrors } = useAction(TakeTokenFileDocument);
  const [password, setPassword] = useState('');
  const [taken, setTaken] = useState<Taken>();
  if (taken) {
    return (
      <Stack gap="xs" mt="xs" w="100%">
        {taken.file && <ClaimFile file={taken.file} />}
        {taken.ctfUrl && <TokenString value={taken.ctfUrl} />}
        <Text role="status">{t('then')}</Text>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run({ tokenId, filePassword: password }).then((made) => made && setTaken(made));
      }}
    >
      <Stack gap="xs" mt="xs" align="flex-start">
        <FormError failure={failure} />
        <PasswordInput
          label={t('password')}
          description={t('passwordHint')}
          required
          autoComplete="new-password"
          w={320}
          maw="100%"
          value={password}
          error={fieldErrors['filePassword']}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          {t('take')}
        </Button>
      </Stack>
    </form>
  );
}
