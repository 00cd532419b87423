import { Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { RequestVerb } from '../../gql/graphql';
import { FormError } from '../../ui/FormError.tsx';
import { DecisionWords, noWords } from './DecisionWords.tsx';
import { FreeTokenChoice } from './FreeTokenChoice.tsx';
import { shortName } from './person-name.ts';
import type { QueueRequest } from './request-documents.ts';
import { useDecision } from './use-decision.ts';
import { useQueueKeys } from './use-queue-keys.ts';

type DecisionFormProps = {
  request: QueueRequest;
  keysOn: boolean;
  onDecided: (request: QueueRequest, verb: RequestVerb) => void;
  /** Refused, for example because somebody else was first. */
  onRefused: () => void;
};

/** Verb, comment and note, and one button that repeats the verb; or the sentence why the viewer may not decide. */
export function DecisionForm({ request, keysOn, onDecided, onRefused }: DecisionFormProps) {
  const t = useTranslations('requestQueue');
  const { mayDecide, requester, whyNot } = request;
  const name = shortName(requester);
  const [chosen, setChosen] = useState<RequestVerb>();
  const [words, setWords] = useState(noWords);
  const [tokenId, setTokenId] = useState<string | null>(null);
  const commentBox = useRef<HTMLTextAreaElement>(null);
  const verb = chosen && mayDecide.includes(chosen) ? chosen : mayDecide[0];
  const { busy, failure, fieldErrors, decide } = useDecision(verb);

  const choose = (...wanted: RequestVerb[]) => {
    const found = wanted.find((one) => mayDecide.includes(one));
    if (!found) return;
    setChosen(found);
    commentBox.current?.focus();
  };
  const keys = {
    a: () => choose('APPROVE', 'DISTRIBUTE'),
    r: () => choose('REJECT'),
    d: () => choose('DEFER'),
  };
  useQueueKeys(keysOn && mayDecide.length > 0 ? keys : undefined);

  const send = async () => {
    if (!verb || busy) return;
    const decided = await decide(request, { ...words, tokenId });
    if (decided) onDecided(decided, verb);
    else onRefused();
  };
  const sendByKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };

  if (!verb) {
    return (
      <>
        <FormError failure={failure} />
        {whyNot && (
          <div>
            <Title order={3}>{t('cannot')}</Title>
            <Text>{whyNot}</Text>
          </div>
        )}
      </>
    );
  }
  return (
    <form
      aria-label={t('decision')}
      onKeyDown={sendByKey}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap="sm">
        <Title order={3}>{t('decide')}</Title>
        {mayDecide.length > 1 && (
          <SegmentedControl
            aria-label={t('decision')}
            data={mayDecide.map((value) => ({ value, label: t(`verb.${value}`) }))}
            value={verb}
            onChange={(value) => setChosen(value as RequestVerb)}
          />
        )}
        <Text size="sm" aria-live="polite">
          {t(`effect.${effectOf(verb, request)}`, { name })}
        </Text>
        {verb === 'DISTRIBUTE' && (
          <FreeTokenChoice tokenId={tokenId} onChange={setTokenId} error={fieldErrors['tokenId']} />
        )}
        <DecisionWords
          words={words}
          onChange={setWords}
          commentRef={commentBox}
          commentHint={
            verb === 'REJECT'
              ? `${t('commentHint', { name })}. ${t('commentReject', { name })}`
              : t('commentHint', { name })
          }
          fieldErrors={fieldErrors}
        />
        <FormError failure={failure} />
        <Group>
          <Button type="submit" color={verb === 'REJECT' ? 'red.9' : undefined} loading={busy}>
            {t(`button.${verb}`, { name })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What comes of an approval depends on the steps that are left. */
function effectOf(verb: RequestVerb, request: QueueRequest) {
  const { approvalSteps, approvalsGiven, distributionStep, hints } = request;
  if (verb !== 'APPROVE') return verb;
  if (approvalsGiven + 1 < approvalSteps) return 'APPROVE_more';
  if (distributionStep) return 'APPROVE_distribute';
  return hints.some(({ code }) => code === 'no_token_free') ? 'APPROVE_wait' : 'APPROVE';
}
