import { useQuery } from '@apollo/client/react';
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import '@mantine/spotlight/styles.layer.css';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../gql';
import { groupSerialNumber } from '../lib/serial-number.ts';
import { useMay } from '../lib/session.ts';

const QuickSearchDocument = graphql(`
  query QuickSearch($search: String!, $people: Boolean!, $tokens: Boolean!) {
    users(first: 6, filter: { search: $search }) @include(if: $people) {
      nodes {
        id
        userName
        givenName
        familyName
      }
    }
    tokens(first: 6, filter: { search: $search }) @include(if: $tokens) {
      nodes {
        id
        serialNumber
        status
        assignedTo {
          id
          userName
        }
      }
    }
  }
`);

const [store, spotlight] = createSpotlight();

export const openQuickSearch = (): void => spotlight.open();

const results = () => document.getElementById(store.getState().listId);

/** Enter takes the first result. Mantine chooses while somebody types, and our results come later, from the server. */
function chooseFirst(): void {
  results()?.querySelector('[data-selected]')?.removeAttribute('data-selected');
  results()?.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}

/**
 * Enter that was pressed before the results of what is typed are there takes effect when they are, instead of opening
 * what was found for the first letters. Answers what the field needs.
 */
function useWaitingEnter(query: string, isWaiting: boolean) {
  const enteredFor = useRef<string>(null);
  useEffect(() => {
    if (isWaiting) return;
    if (enteredFor.current === query) results()?.querySelector<HTMLElement>('[data-selected]')?.click();
    enteredFor.current = null;
  }, [isWaiting, query]);
  return {
    onKeyDownCapture(event: KeyboardEvent) {
      if (event.key !== 'Enter' || event.nativeEvent.isComposing || !isWaiting) return;
      event.preventDefault();
      event.stopPropagation();
      enteredFor.current = query;
    },
  };
}

/** People, tokens and acts from every page; opens with `/` and Ctrl-K. */
export function QuickSearch() {
  const t = useTranslations('admin');
  const status = useTranslations('common.status');
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [search] = useDebouncedValue(query.trim(), 200);
  const may = {
    people: useMay('USERS_READ'),
    tokens: useMay('TOKENS_READ'),
    distribute: useMay('TOKENS_DISTRIBUTE'),
    profiles: useMay('PROFILES_MANAGE'),
    makeUsers: useMay('USERS_MANAGE'),
    makeTokens: useMay('TOKENS_MANAGE'),
  };
  const decides = [useMay('REQUESTS_APPROVE'), useMay('REQUESTS_DISTRIBUTE')].includes(true);
  const { data, loading } = useQuery(QuickSearchDocument, {
    variables: { search, people: may.people, tokens: may.tokens },
    skip: search.length < 1,
  });
  const go = (to: string) => () => void navigate({ to });

  const acts: SpotlightActionData[] = [
    may.distribute && { id: 'distribute', label: t('acts.distribute'), onClick: go('/admin/distribute') },
    decides && { id: 'requests', label: t('acts.requests'), onClick: go('/admin/requests') },
    may.makeUsers && { id: 'user', label: t('acts.addUser'), onClick: go('/admin/users?add=true') },
    may.makeTokens && { id: 'token', label: t('acts.makeTokens'), onClick: go('/admin/tokens?make=true') },
    may.makeTokens && { id: 'import', label: t('acts.importTokens'), onClick: go('/admin/tokens/import') },
    may.profiles && { id: 'profile', label: t('acts.addProfile'), onClick: go('/admin/profiles/new') },
  ].filter((act) => act !== false);
  const found = search && query.trim() ? data : undefined;
  const people = (found?.users?.nodes ?? []).map((user) => ({
    id: user.id,
    label: `${user.givenName} ${user.familyName}`,
    description: user.userName,
    onClick: go(`/admin/users/${encodeURIComponent(user.userName)}`),
  }));
  const tokens = (found?.tokens?.nodes ?? []).map((token) => ({
    id: token.id,
    label: groupSerialNumber(token.serialNumber),
    description: [status(token.status), token.assignedTo?.userName].filter(Boolean).join(' · '),
    onClick: go(`/admin/tokens/${encodeURIComponent(token.serialNumber)}`),
  }));
  const wanted = query.trim().toLowerCase();
  const groups = [
    { group: t('groups.people'), actions: people },
    { group: t('groups.tokens'), actions: tokens },
    { group: t('groups.acts'), actions: acts.filter(({ label }) => label?.toLowerCase().includes(wanted)) },
  ].filter(({ actions }) => actions.length > 0);

  const first = groups[0]?.actions[0]?.id;
  useEffect(chooseFirst, [first]);
  const waitingEnter = useWaitingEnter(query, query.trim() !== search || loading);

  return (
    <Spotlight
      store={store}
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      // The server has searched already.
      filter={(_query, actions) => actions}
      shortcut={['mod + K', '/']}
      nothingFound={wanted ? t('nothingFound') : t('typeToSearch')}
      searchProps={{
        ...waitingEnter,
        leftSection: <IconSearch size={18} />,
        placeholder: t('quickSearchHint'),
        'aria-label': t('quickSearchHint'),
      }}
      highlightQuery={false}
      // Its paler default is too pale on the chosen row.
      styles={{ actionDescription: { opacity: 1 } }}
      scrollable
      // Whoever has no wheel scrolls the results by the arrow keys.
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      maxHeight={420}
    />
  );
}
