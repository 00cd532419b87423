import { Textarea } from '@mantine/core';
import type { RefObject } from 'react';
import { useTranslations } from 'use-intl';

export type Words = { comment: string; note: string };
type DecisionWordsProps = {
  words: Words;
  onChange: (words: Words) => void;
  /** Where the comment goes. */
  commentHint: string;
  fieldErrors: Record<string, string>;
  commentRef?: RefObject<HTMLTextAreaElement | null>;
  /** A dialog's first field, which takes the focus. */
  isFirst?: boolean;
};

export const noWords: Words = { comment: '', note: '' };

/** The comment, which is mailed, and the note, which administrators keep to themselves. */
export function DecisionWords({
  words,
  onChange,
  commentHint,
  fieldErrors,
  commentRef,
  isFirst = false,
}: DecisionWordsProps) {
  const t = useTranslations('requestQueue');
  return (
    <>
      <Textarea
        {...(commentRef ? { ref: commentRef } : {})}
        label={t('comment')}
        description={commentHint}
        autosize
        minRows={2}
        maxLength={2000}
        value={words.comment}
        error={fieldErrors['comment']}
        onChange={(event) => onChange({ ...words, comment: event.currentTarget.value })}
        {...(isFirst ? { 'data-autofocus': true } : {})}
      />
      <Textarea
        label={t('note')}
        description={t('noteHint')}
        autosize
        minRows={1}
        maxLength={2000}
        value={words.note}
        error={fieldErrors['note']}
        onChange={(event) => onChange({ ...words, note: event.currentTarget.value })}
      />
    </>
  );
}
