import { Button, Group } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { graphql } from '../gql';
import type { PageFactsFragment } from '../gql/graphql';

export type PageCursor = { after?: string | undefined; before?: string | undefined };

export const PageFactsFragmentDocument = graphql(`
  fragment PageFacts on PageInfo {
    hasNextPage
    hasPreviousPage
    startCursor
    endCursor
  }
`);

/** Next and previous page by cursor; nothing when there is one page only. */
export function Pager({
  pageInfo,
  onPage,
}: {
  pageInfo: PageFactsFragment | undefined;
  onPage: (cursor: PageCursor) => void;
}) {
  const t = useTranslations('common');
  if (!pageInfo || (!pageInfo.hasNextPage && !pageInfo.hasPreviousPage)) return null;
  return (
    <Group component="nav" justify="flex-end" gap="xs" aria-label={t('pages')}>
      <Button
        variant="default"
        disabled={!pageInfo.hasPreviousPage}
        onClick={() => onPage({ before: pageInfo.startCursor ?? undefined })}
      >
        {t('previous')}
      </Button>
      <Button
        variant="default"
        disabled={!pageInfo.hasNextPage}
        onClick={() => onPage({ after: pageInfo.endCursor ?? undefined })}
      >
        {t('next')}
      </Button>
    </Group>
  );
}

/** The four paging arguments for a cursor from the address. */
export const pageArgs = ({ after, before }: PageCursor, size = 50) =>
  before ? { last: size, before } : { first: size, after: after ?? null };
