import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { FormError } from '../../ui/FormError.tsx';

const SetUserPasswordDocument = graphql(`
  mutation SetUserPassword($userId: ID!) {
    setUserPassword(input: { userId: $userId }) {
      ...Failure
      ... on SetUserPasswordSuccess {
        generatedPassword
        user {
          id
          mustChangePassword
        }
      }
    }
  }
`);

/** Gives a person a new password, shown once; they choose their own at the next sign-in. */
export function SetPassword({
  user,
  onClose,
}: {
  user: { id: string; userName: string };
  onClose: () => void;
}) {
  const t = useTranslations('users');
  const { run, busy, failure } = useAction(SetUserPasswordDocument);
  const [password, setPassword] = useState<string>();
  const generate = async () => setPassword((await run({ userId: user.id }))?.generatedPassword ?? undefined);
  return (
    <ActDialog
      busy={busy}
      opened
      onClose={onClose}
      title={t('setPasswordNamed', { userName: user.userName })}
    >
      <Stack>
        <FormError failure={failure} />
        {password ? (
          <>
            <Alert variant="outline" color="yellow">
              {t('shownOnce')}
            </Alert>
            <CopyField label={t('password')} value={password} />
          </>
        ) : (
          <Text>{t('setPasswordEffect', { userName: user.userName })}</Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" disabled={busy} onClick={onClose}>
            {t(password ? 'close' : 'cancel')}
          </Button>
          {!password && (
            <Button loading={busy} onClick={() => void generate()}>
              {t('setPassword')}
            </Button>
          )}
        </Group>
      </Stack>
    </ActDialog>
  );
}
