import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';
import type { MyToken } from './my-documents.ts';

const RenameTokenDocument = graphql(`
  mutation RenameToken($input: RenameTokenInput!) {
    renameToken(input: $input) {
      ...Failure
      ... on RenameTokenSuccess {
        token {
          id
          nickname
        }
      }
    }
  }
`);

/** Gives a token of one's own a name, or takes it away. */
export function RenameToken({ token, onClose }: { token: MyToken; onClose: (changed: boolean) => void }) {
  const t = useTranslations('my.rename');
  const tCommon = useTranslations('common');
  const { run, busy, failure, fieldErrors } = useAction(RenameTokenDocument);
  const [nickname, setNickname] = useState(token.nickname ?? '');
  const rename = async () => {
    if (await run({ input: { tokenId: token.id, nickname: nickname.trim() } })) onClose(true);
  };
  return (
    <ActDialog
      busy={busy}
      opened
      onClose={() => onClose(false)}
      title={t('title', { serial: groupSerialNumber(token.serialNumber) })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <Stack>
          <TextInput
            label={t('label')}
            description={t('hint')}
            maxLength={50}
            autoComplete="off"
            data-autofocus
            value={nickname}
            onChange={(event) => setNickname(event.currentTarget.value)}
            error={fieldErrors['nickname']}
          />
          <FormError failure={failure} />
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
              {tCommon('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('button')}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}
