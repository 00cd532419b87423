import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { Permission } from '../../gql/graphql';
import { useSession } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { MadeApiKey } from './MadeApiKey.tsx';
import { usePermissionWords } from './use-permission-words.ts';

const CreateApiKeyDocument = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      ...Failure
      ... on CreateApiKeySuccess {
        key
        apiKey {
          id
          name
        }
      }
    }
  }
`);

const DAYS = [7, 30, 90, 365];
const DAY_MS = 24 * 3600 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

/** Seeds are exported by people only; a key could choose it and never use it. */
const isForPrograms = (permission: Permission): boolean => permission !== 'TOKENS_EXPORT';

/** Makes an API key, and shows it once. */
export function NewApiKey({ onClose }: { onClose: (made: boolean) => void }) {
  const t = useTranslations('account.newKey');
  const tCommon = useTranslations('common');
  const { wordOf, allowsOf } = usePermissionWords();
  const { permissions } = useSession();
  const { run, busy, failure, fieldErrors } = useAction(CreateApiKeyDocument);
  const [made, setMade] = useState<{ name: string; key: string }>();
  const form = useForm({ initialValues: { name: '', chosen: [] as Permission[], days: '90' } });
  const submit = form.onSubmit(async ({ name, chosen, days }) => {
    const done = await run({ input: { name, permissions: chosen, expiresAt: inDays(Number(days)) } });
    if (done) setMade({ name: done.apiKey.name, key: done.key });
  });
  if (made) return <MadeApiKey name={made.name} apiKey={made.key} onClose={() => onClose(true)} />;
  return (
    <ActDialog busy={busy} opened onClose={() => onClose(false)} title={t('title')} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('name')}
            description={t('nameHint')}
            required
            maxLength={64}
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('name')}
            error={fieldErrors['name']}
          />
          <Checkbox.Group
            label={t('permissions')}
            description={t('permissionsHint')}
            {...form.getInputProps('chosen')}
            error={fieldErrors['permissions']}
          >
            <Stack gap="xs" mt="xs" mb={fieldErrors['permissions'] ? 'xs' : 0}>
              {permissions.filter(isForPrograms).map((permission) => (
                <Checkbox
                  key={permission}
                  value={permission}
                  label={wordOf(permission)}
                  description={allowsOf(permission)}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Select
            label={t('expires')}
            data={DAYS.map((count) => ({ value: String(count), label: t('days', { count }) }))}
            allowDeselect={false}
            {...form.getInputProps('days')}
            error={fieldErrors['expiresAt']}
          />
          <FormError failure={failure} />
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
              {tCommon('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}
