import { Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { Age } from './Age.tsx';
import { Hints } from './Hints.tsx';
import { fullName } from './person-name.ts';
import type { QueueQuery } from './queue-query.ts';
import classes from './QueueList.module.css';
import type { QueueRequest } from './request-documents.ts';
import { RequestState } from './RequestState.tsx';

type Selection = { selected: ReadonlySet<string>; onChange: (selected: Set<string>) => void };
type QueueListProps = {
  requests: readonly QueueRequest[];
  query: QueueQuery;
  currentId: string | undefined;
  /** What others did meanwhile with requests that stand here, in words. */
  gone: ReadonlyMap<string, string>;
  selection: Selection | undefined;
  /** On a phone a request is a page of its own, to which the browser's «back» leads back. */
  isPage: boolean;
};

export const rowId = (requestId: string): string => `row-${requestId}`;

/** The requests of a page; the one that is shown beside is marked. */
export function QueueList({ requests, query, currentId, gone, selection, isPage }: QueueListProps) {
  const t = useTranslations('requestQueue');
  return (
    <div>
      {selection && <SelectPage ids={requests.map(({ id }) => id)} {...selection} />}
      <ul className={classes['list']} aria-label={t('list')}>
        {requests.map((request) => (
          <li
            key={request.id}
            className={classes['row']}
            data-current={request.id === currentId || undefined}
            data-selected={selection?.selected.has(request.id) || undefined}
            data-gone={gone.has(request.id) || undefined}
          >
            {selection && (
              <Checkbox
                className={classes['check'] ?? ''}
                size="xs"
                aria-label={t('select', { name: fullName(request.requester) })}
                checked={selection.selected.has(request.id)}
                onChange={(event) =>
                  selection.onChange(toggled(selection, [request.id], event.target.checked))
                }
              />
            )}
            <div className={classes['text']}>
              <div className={classes['head']}>
                <Link
                  id={rowId(request.id)}
                  className={classes['name'] ?? ''}
                  to="/admin/requests"
                  search={{ ...query, id: request.id }}
                  replace={!isPage}
                  resetScroll={isPage}
                  aria-current={request.id === currentId ? 'true' : undefined}
                >
                  {fullName(request.requester)}
                </Link>
                <span className={classes['age']}>
                  <Age at={request.createdAt} />
                </span>
              </div>
              <RowText request={request} gone={gone.get(request.id)} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function RowText({ request, gone }: { request: QueueRequest; gone: string | undefined }) {
  const kind = useTranslations('requests.kind');
  return (
    <>
      <div className={classes['about']}>
        {kind(request.kind)} · {request.profile.name}
      </div>
      <div>
        <RequestState request={request} />
        {gone && <div>{gone}</div>}
      </div>
      {!gone && <Hints hints={request.hints} />}
    </>
  );
}

const toggled = ({ selected }: Selection, ids: string[], on: boolean): Set<string> => {
  const rest = [...selected].filter((id) => !ids.includes(id));
  return new Set(on ? [...rest, ...ids] : rest);
};

function SelectPage({ ids, ...selection }: Selection & { ids: string[] }) {
  const t = useTranslations('requestQueue');
  const count = ids.filter((id) => selection.selected.has(id)).length;
  return (
    <div className={classes['all']}>
      <Checkbox
        size="xs"
        label={t('selectPage')}
        checked={count === ids.length}
        indeterminate={count > 0 && count < ids.length}
        onChange={(event) => selection.onChange(toggled(selection, ids, event.target.checked))}
      />
    </div>
  );
}
