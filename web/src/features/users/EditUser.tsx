import { Button, Group, MultiSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { Role } from '../../gql/graphql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { roleOptions } from './roles.ts';

export const UpdateUserDocument = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      ...Failure
      ... on UpdateUserSuccess {
        user {
          id
          givenName
          familyName
          email
          mailCertificate
          enabled
          roles
        }
      }
    }
  }
`);

type EditUserProps = {
  user: {
    id: string;
    userName: string;
    givenName: string;
    familyName: string;
    email?: string | null;
    mailCertificate?: string | null;
    roles: Role[];
  };
  onClose: (changed: boolean) => void;
};

/** Names, e-mail, the certificate for mails and, for who may grant them, roles. */
export function EditUser({ user, onClose }: EditUserProps) {
  const t = useTranslations('users');
  const mayGrant = useMay('ROLES_GRANT');
  const { run, busy, failure, fieldErrors } = useAction(UpdateUserDocument);
  const form = useForm({
    initialValues: {
      givenName: user.givenName,
      familyName: user.familyName,
      email: user.email ?? '',
      mailCertificate: user.mailCertificate ?? '',
      roles: user.roles as string[],
    },
  });
  const submit = form.onSubmit(async ({ roles, ...names }) => {
    const changed = await run({
      input: { userId: user.id, ...names, ...(mayGrant ? { roles: roles as Role[] } : {}) },
    });
    if (changed) onClose(true);
  });
  return (
    <ActDialog
      busy={busy}
      opened
      onClose={() => onClose(false)}
      title={t('editNamed', { userName: user.userName })}
    >
      <form onSubmit={submit}>
        <Stack>
          <FormError failure={failure} />
          <TextInput
            label={t('givenName')}
            required
            {...form.getInputProps('givenName')}
            error={fieldErrors['givenName']}
          />
          <TextInput
            label={t('familyName')}
            required
            {...form.getInputProps('familyName')}
            error={fieldErrors['familyName']}
          />
          <TextInput label={t('email')} {...form.getInputProps('email')} error={fieldErrors['email']} />
          <Textarea
            label={t('mailCertificate')}
            description={t('mailCertificateHint')}
            placeholder="-----BEGIN CERTIFICATE-----"
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            {...form.getInputProps('mailCertificate')}
            error={fieldErrors['mailCertificate']}
          />
          {mayGrant && (
            <MultiSelect
              label={t('roles')}
              description={t('rolesHint')}
              data={roleOptions(t)}
              {...form.getInputProps('roles')}
              error={fieldErrors['roles']}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}
