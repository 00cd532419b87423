import { Alert, Button, Group, MultiSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { Role } from '../../gql/graphql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { roleOptions } from './roles.ts';

const CreateUserDocument = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      ...Failure
      ... on CreateUserSuccess {
        generatedPassword
        user {
          id
          userName
        }
      }
    }
  }
`);

type CreateUserProps = { opened: boolean; onClose: () => void; onMade: () => void };

/** A new user; a password that was generated is shown once. */
export function CreateUser({ opened, onClose, onMade }: CreateUserProps) {
  const t = useTranslations('users');
  const mayGrant = useMay('ROLES_GRANT');
  const { run, busy, failure, fieldErrors, reset } = useAction(CreateUserDocument);
  const [made, setMade] = useState<{ userName: string; password: string | null }>();
  const form = useForm({
    initialValues: {
      userName: '',
      givenName: '',
      familyName: '',
      email: '',
      how: 'generate',
      password: '',
      roles: [] as string[],
    },
  });
  const close = () => {
    onClose();
    setMade(undefined);
    reset();
    form.reset();
  };
  const submit = form.onSubmit(async ({ userName, givenName, familyName, email, how, password, roles }) => {
    const success = await run({
      input: {
        userName,
        givenName,
        familyName,
        email: email || null,
        password: how === 'own' ? password : null,
        roles: mayGrant ? (roles as Role[]) : [],
      },
    });
    if (!success) return;
    setMade({ userName: success.user.userName, password: success.generatedPassword ?? null });
    onMade();
  });
  const field = (name: 'userName' | 'givenName' | 'familyName' | 'email' | 'password') => ({
    ...form.getInputProps(name),
    error: fieldErrors[name],
  });

  return (
    <ActDialog
      busy={busy}
      opened={opened}
      onClose={close}
      title={made ? t('made', { userName: made.userName }) : t('add')}
    >
      {made ? (
        <Stack>
          {made.password && (
            <>
              <Alert variant="outline" color="yellow">
                {t('shownOnce')}
              </Alert>
              <CopyField label={t('password')} value={made.password} />
            </>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('close')}
            </Button>
            <Button component={Link} to={`/admin/users/${encodeURIComponent(made.userName)}`}>
              {t('toUser')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <FormError failure={failure} />
            <TextInput
              label={t('userName')}
              description={t('userNameRule')}
              required
              autoComplete="off"
              data-autofocus
              {...field('userName')}
            />
            <Group grow align="flex-start">
              <TextInput label={t('givenName')} required autoComplete="off" {...field('givenName')} />
              <TextInput label={t('familyName')} required autoComplete="off" {...field('familyName')} />
            </Group>
            <TextInput
              label={t('email')}
              description={t('emailHint')}
              autoComplete="off"
              {...field('email')}
            />
            <Radio.Group label={t('firstPassword')} {...form.getInputProps('how')}>
              <Stack gap="xs" mt="xs">
                <Radio value="generate" label={t('generatePassword')} />
                <Radio value="own" label={t('typePassword')} />
              </Stack>
            </Radio.Group>
            {form.values.how === 'own' && (
              <TextInput
                label={t('password')}
                description={t('mustChange')}
                required
                autoComplete="off"
                {...field('password')}
              />
            )}
            {mayGrant && (
              <MultiSelect
                label={t('roles')}
                description={t('rolesHint')}
                data={roleOptions(t)}
                {...form.getInputProps('roles')}
              />
            )}
            <Group justify="flex-end">
              <Button variant="default" disabled={busy} onClick={close}>
                {t('cancel')}
              </Button>
              <Button type="submit" loading={busy}>
                {t('add')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </ActDialog>
  );
}
