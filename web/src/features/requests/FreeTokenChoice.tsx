import { useQuery } from '@apollo/client/react';
import { Radio, Select, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useMay } from '../../lib/session.ts';

const TokensToGiveDocument = graphql(`
  query TokensToGive($search: String!) {
    tokens(first: 20, filter: { search: $search, status: [UNASSIGNED] }) {
      nodes {
        id
        serialNumber
        expiresOn
      }
    }
  }
`);

type FreeTokenChoiceProps = {
  /** null: Symbolon picks one. */
  tokenId: string | null;
  onChange: (tokenId: string | null) => void;
  error: string | undefined;
};

/** Which token is given: one that Symbolon picks, or a certain free one. */
export function FreeTokenChoice({ tokenId, onChange, error }: FreeTokenChoiceProps) {
  const t = useTranslations('requestQueue');
  const mayChoose = useMay('TOKENS_READ');
  const [isOwn, setIsOwn] = useState(false);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.replaceAll(' ', ''), 200);
  const { data, previousData } = useQuery(TokensToGiveDocument, { variables: { search }, skip: !isOwn });
  if (!mayChoose) return null;
  const tokens = (data ?? previousData)?.tokens.nodes ?? [];
  return (
    <>
      <Radio.Group
        label={t('token')}
        value={isOwn ? 'own' : 'pick'}
        onChange={(value) => {
          setIsOwn(value === 'own');
          onChange(null);
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="pick" label={t('tokenPick')} />
          <Radio value="own" label={t('tokenChoose')} />
        </Stack>
      </Radio.Group>
      {isOwn && (
        <Select
          aria-label={t('tokenChoose')}
          placeholder={t('tokenSearch')}
          data={tokens.map(({ id, serialNumber }) => ({ value: id, label: groupSerialNumber(serialNumber) }))}
          value={tokenId}
          onChange={onChange}
          searchable
          required
          error={error}
          onSearchChange={setTyped}
          // The server has searched already.
          filter={({ options }) => options}
          nothingFoundMessage={t('tokenNone')}
        />
      )}
    </>
  );
}
