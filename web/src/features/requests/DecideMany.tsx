import { useQuery } from '@apollo/client/react';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { PreviewDecisionsQuery } from '../../gql/graphql';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { DecisionWords, noWords } from './DecisionWords.tsx';
import { Outcomes } from './Outcomes.tsx';
import { DecideRequestsDocument, PreviewDecisionsDocument } from './request-documents.ts';

export type BulkVerb = 'APPROVE' | 'REJECT';
type DecideManyProps = {
  verb: BulkVerb;
  requestIds: string[];
  onDone: (news: string) => void;
  onClose: (wasDone: boolean) => void;
};

/** Says before it is done how many requests are decided, which are skipped and why; afterwards which were not done. */
export function DecideMany({ verb, requestIds, onDone, onClose }: DecideManyProps) {
  const t = useTranslations('requestQueue');
  const [words, setWords] = useState(noWords);
  const { data, error, refetch } = useQuery(PreviewDecisionsDocument, {
    variables: { requestIds, verb },
    fetchPolicy: 'no-cache',
  });
  const preview = data?.previewRequestDecisions;
  const { run, busy, failure, fieldErrors } = useAction(DecideRequestsDocument);
  const [outcomes, setOutcomes] = useState<PreviewDecisionsQuery['previewRequestDecisions']['outcomes']>();

  const decide = async () => {
    if (!preview) return;
    const seen = preview.outcomes.map(({ tokenRequest }) => tokenRequest);
    const done = await run({
      requestIds: seen.map(({ id }) => id),
      // As the preview showed them: what somebody else approved meanwhile is not approved once more unseen.
      steps: seen.map(({ approvalsGiven }) => approvalsGiven + 1),
      verb,
      comment: words.comment.trim() || null,
      note: words.note.trim() || null,
    });
    if (!done) return;
    const notDone = done.outcomes.filter(({ code }) => code);
    onDone(t(`many.done${verb}`, { count: done.outcomes.length - notDone.length }));
    // What the preview has said already needs no second telling.
    const isNews = notDone.length > done.outcomes.length - (preview?.willDo ?? 0);
    if (isNews) setOutcomes(done.outcomes);
    else onClose(true);
  };

  const title = t(`many.title${verb}`, { count: requestIds.length });
  if (outcomes) {
    const done = outcomes.filter(({ code }) => !code).length;
    return (
      <Modal opened onClose={() => onClose(true)} title={title}>
        <Stack>
          <Text>{t(`many.done${verb}`, { count: done })}</Text>
          <Outcomes title={t('many.notDone', { count: outcomes.length - done })} outcomes={outcomes} />
          <Group justify="flex-end">
            <Button onClick={() => onClose(true)}>{t('close')}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <ActDialog busy={busy} opened onClose={() => onClose(false)} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void decide();
        }}
      >
        <Stack>
          <div aria-live="polite">
            {error && <PageProblem error={error} onRetry={() => void refetch()} />}
            {!preview && !error && <Text c="dimmed">{t('many.looking')}</Text>}
            {preview && <Preview verb={verb} preview={preview} />}
          </div>
          <DecisionWords
            words={words}
            onChange={setWords}
            commentHint={t('commentHintMany')}
            fieldErrors={fieldErrors}
            isFirst
          />
          <FormError failure={failure} />
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
              {t('cancel')}
            </Button>
            <Button
              type="submit"
              color={verb === 'REJECT' ? 'red.9' : undefined}
              disabled={!preview?.willDo}
              loading={busy}
            >
              {t(`many.${verb}`, { count: preview?.willDo ?? requestIds.length })}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}

type PreviewProps = { verb: BulkVerb; preview: PreviewDecisionsQuery['previewRequestDecisions'] };

function Preview({ verb, preview }: PreviewProps) {
  const t = useTranslations('requestQueue.many');
  const { willDo, tokensNeeded, freeTokens, generateTokens, outcomes } = preview;
  const missing = tokensNeeded - freeTokens;
  return (
    <Stack gap="xs">
      <Text fw={500}>{t(`will${verb}`, { count: willDo })}</Text>
      {tokensNeeded > 0 && (
        <Text size="sm">
          {t('tokens', { needed: tokensNeeded, free: freeTokens })}{' '}
          {missing > 0 && (generateTokens ? t('tokensMade') : t('tokensWait', { count: missing }))}
        </Text>
      )}
      <Outcomes
        title={t('skipped', { count: outcomes.filter(({ code }) => code).length })}
        outcomes={outcomes}
      />
    </Stack>
  );
}
