import { Button, Group, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { SaveRow } from '../../ui/SaveRow.tsx';
import { MailPreview } from './MailPreview.tsx';
import { MailVariables } from './MailVariables.tsx';
import {
  ResetMailTemplateDocument,
  type Template,
  UpdateMailTemplateDocument,
} from './template-documents.ts';

type MailTextFormProps = {
  template: Template;
  profileId: string | undefined;
  onChanged: () => Promise<unknown>;
};
type TextBox = HTMLInputElement | HTMLTextAreaElement;

/** Subject and text with their variables on the left, how the mail will look on the right. */
export function MailTextForm({ template, profileId, onChanged }: MailTextFormProps) {
  const t = useTranslations('mail');
  const mayManage = useMay('SETTINGS_MANAGE');
  const { event } = template;
  const [kept, setKept] = useState({ subject: template.subject, body: template.body });
  const [text, setText] = useState(kept);
  const [saved, setSaved] = useState(false);
  const [resetting, setResetting] = useState(false);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const bodyBox = useRef<HTMLTextAreaElement>(null);
  const lastBox = useRef<TextBox>(null);
  const update = useAction(UpdateMailTemplateDocument);
  const reset = useAction(ResetMailTemplateDocument);
  const { subject, body } = text;
  const changed = subject !== kept.subject || body !== kept.body;
  const place = { event, profileId: profileId ?? null };
  const blocker = useBlocker({
    shouldBlockFn: () => changed,
    enableBeforeUnload: () => changed,
    withResolver: true,
  });

  const change = (part: Partial<typeof text>) => {
    setSaved(false);
    setText({ ...text, ...part });
  };
  const keep = (stored: typeof text) => {
    const next = { subject: stored.subject, body: stored.body };
    setKept(next);
    // What was typed since it was sent stays.
    setText((now) => (now === text ? next : now));
  };
  const insert = (variable: string) => {
    const box = lastBox.current ?? bodyBox.current;
    if (!box) return;
    // Where nobody has put the cursor yet, the end is the likelier place.
    const start = lastBox.current ? (box.selectionStart ?? box.value.length) : box.value.length;
    const end = lastBox.current ? (box.selectionEnd ?? start) : start;
    box.setRangeText(variable, start, end, 'end');
    change(box === bodyBox.current ? { body: box.value } : { subject: box.value });
    box.focus();
  };
  const submit = async (given: FormEvent) => {
    given.preventDefault();
    const done = await update.run({ input: { ...place, subject, body } });
    if (!done) return;
    keep(done.template);
    setSaved(true);
    await onChanged();
  };
  const takeBack = async () => {
    const done = await reset.run({ input: place });
    if (!done) return;
    keep(done.template);
    setSaved(true);
    setResetting(false);
    await onChanged();
    // The button that was pressed is gone now.
    bodyBox.current?.focus();
  };
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
      <form onSubmit={(given) => void submit(given)}>
        <Stack>
          <TextInput
            label={t('subject')}
            value={subject}
            maxLength={200}
            readOnly={!mayManage}
            onFocus={({ currentTarget }) => {
              lastBox.current = currentTarget;
            }}
            onChange={({ currentTarget }) => change({ subject: currentTarget.value })}
          />
          <Textarea
            ref={bodyBox}
            label={t('text')}
            description={t('textHint')}
            value={body}
            autosize
            minRows={10}
            maxLength={5000}
            readOnly={!mayManage}
            error={update.fieldErrors['body']}
            onFocus={({ currentTarget }) => {
              lastBox.current = currentTarget;
            }}
            onChange={({ currentTarget }) => change({ body: currentTarget.value })}
          />
          <SaveRow
            changed={changed}
            saved={saved}
            busy={update.busy}
            failure={update.failure}
            disabled={problems.length > 0}
          />
          {mayManage && template.changed && (
            <Group>
              <Button variant="subtle" onClick={() => setResetting(true)}>
                {t(profileId ? 'resetProfile' : 'reset')}
              </Button>
            </Group>
          )}
          <MailVariables variables={template.variables} disabled={!mayManage} onInsert={insert} />
        </Stack>
      </form>
      <MailPreview event={event} subject={subject} body={body} onProblems={setProblems} />
      <ConfirmDialog
        opened={resetting}
        onClose={() => setResetting(false)}
        title={t('resetTitle')}
        confirmLabel={t(profileId ? 'resetProfile' : 'reset')}
        onConfirm={() => void takeBack()}
        danger
        busy={reset.busy}
        failure={reset.failure}
      >
        {t('resetText')}
      </ConfirmDialog>
      <ConfirmDialog
        opened={blocker.status === 'blocked'}
        onClose={() => blocker.reset?.()}
        title={t('leaveTitle')}
        confirmLabel={t('leave')}
        cancelLabel={t('stay')}
        onConfirm={() => blocker.proceed?.()}
      >
        {t('leaveText')}
      </ConfirmDialog>
    </SimpleGrid>
  );
}
