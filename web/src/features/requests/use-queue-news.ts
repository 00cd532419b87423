import { useSubscription } from '@apollo/client/react';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { onSocket } from '../../lib/apollo.ts';
import { useSession } from '../../lib/session.ts';
import { fullName } from './person-name.ts';
import { belongsTo, type QueueTab } from './queue-query.ts';
import { QueueNewsDocument, type QueueRequest } from './request-documents.ts';
import { useStateWords } from './RequestState.tsx';

/** News come in bursts, and at first the server tells of all open requests. */
const SETTLE_MS = 700;
/** So long what somebody else did can be read before new rows push it out. */
const READ_MS = 8000;
/** The first news tell of all that are open. */
const NEW_MS = 10_000;

type NewsOptions = {
  tab: QueueTab;
  /** The page as it is shown; undefined until it is loaded. */
  shown: readonly QueueRequest[] | undefined;
  /** A page of the past gets no new rows. */
  takesNew: boolean;
  onReload: () => void;
  /** Something has changed: told once for a burst of news. */
  onNews: () => void;
  onSay: (sentence: string) => void;
};

/**
 * Keeps the list up to date. A request that others took out of it stays, marked with what they did, until the list is
 * loaded again; `gone` has the words by id.
 */
export function useQueueNews({ tab, shown, takesNew, onReload, onNews, onSay }: NewsOptions) {
  const t = useTranslations('requestQueue');
  const self = useSession().user.id;
  const what = useWhatOthersDid();
  const [gone, setGone] = useState<ReadonlyMap<string, string>>(new Map());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const counts = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      clearTimeout(counts.current);
    },
    [],
  );
  const reloadIn = (ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(onReload, ms);
  };

  // Of what was decided while the socket was down nobody tells: the news are of open requests.
  const reloadNow = useEffectEvent(onReload);
  useEffect(() => {
    let wasDown = false;
    return onSocket((open) => {
      if (open && wasDown) reloadNow();
      wasDown = !open;
    });
  }, []);

  useSubscription(QueueNewsDocument, {
    onData: ({ data }) => {
      const request = data.data?.tokenRequestsChanged as QueueRequest | undefined;
      if (!request || !shown) return;
      clearTimeout(counts.current);
      counts.current = setTimeout(onNews, SETTLE_MS);
      const isShown = shown.some(({ id }) => id === request.id);
      if (isShown && !belongsTo(tab, request)) {
        // What one does oneself is told by the act.
        if (request.decisions.at(-1)?.by.id === self) return;
        const words = what(request);
        setGone((before) => new Map(before).set(request.id, words));
        onSay(t('news.other', { name: fullName(request.requester), what: words }));
      } else if (!isShown && takesNew && belongsTo(tab, request)) {
        if (Date.now() - Date.parse(request.createdAt) < NEW_MS) {
          onSay(t('news.arrived', { name: fullName(request.requester) }));
        }
        reloadIn(gone.size > 0 ? READ_MS : SETTLE_MS);
      }
    },
  });
  return { gone, forget: useCallback(() => setGone(new Map()), []) };
}

/** What became of a request, with the name of who did it. */
function useWhatOthersDid(): (request: QueueRequest) => string {
  const t = useTranslations('requestQueue');
  const states = useStateWords();
  return (request) => {
    const { status, decisions, requester } = request;
    if (status === 'CANCELLED' || status === 'EXPIRED' || status === 'FAILED') {
      return t(`ended.${status}`, { name: fullName(requester) });
    }
    const last = decisions.at(-1);
    return last ? t(`did.${last.verb}`, { name: fullName(last.by) }) : states(request);
  };
}
