import { useQuery } from '@apollo/client/react';
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useSession } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';

const FindUsersDocument = graphql(`
  query FindUsers($search: String!) {
    users(first: 20, filter: { search: $search, enabled: true }) {
      nodes {
        id
        userName
        givenName
        familyName
      }
    }
  }
`);
const AssignToUserDocument = graphql(`
  mutation AssignToUser($userId: ID!, $tokenIds: [ID!]!) {
    assignTokens(input: { userId: $userId, tokenIds: $tokenIds }) {
      ...Failure
      ... on AssignTokensSuccess {
        tokens {
          id
          status
          assignedTo {
            id
            userName
          }
        }
      }
    }
  }
`);

/** Gives tokens an owner, who is found by any part of the name. */
export function AssignToUser({
  tokenIds,
  onClose,
}: {
  tokenIds: string[];
  onClose: (changed: boolean) => void;
}) {
  const t = useTranslations('tokens');
  const self = useSession().user;
  const { run, busy, failure, reset } = useAction(AssignToUserDocument);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 200);
  const [userId, setUserId] = useState<string | null>(null);
  const { data, previousData } = useQuery(FindUsersDocument, { variables: { search } });
  const people = (data ?? previousData)?.users.nodes.filter(({ id }) => id !== self.id) ?? [];
  const assign = async () => {
    if (userId && (await run({ userId, tokenIds }))) onClose(true);
  };
  return (
    <ActDialog
      busy={busy}
      opened
      onClose={() => onClose(false)}
      title={t('assignCount', { count: tokenIds.length })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void assign();
        }}
      >
        <Stack>
          <FormError failure={failure} />
          <Select
            label={t('assignTo')}
            placeholder={t('assignSearch')}
            data={people.map(({ id, userName, givenName, familyName }) => ({
              value: id,
              label: `${givenName} ${familyName} (${userName})`,
            }))}
            value={userId}
            onChange={(id) => {
              reset();
              setUserId(id);
            }}
            searchable
            onSearchChange={(text) => setTyped(text.replace(/ \(.*\)$/, ''))}
            // The server has searched already.
            filter={({ options }) => options}
            nothingFoundMessage={t('assignNobody')}
            data-autofocus
            required
          />
          <Text size="sm" c="dimmed">
            {t('assignEffect')}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={!userId} loading={busy}>
              {t('assignCount', { count: tokenIds.length })}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}
