import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { SaveRow } from '../../ui/SaveRow.tsx';
import { MailPreview } from './MailPreview.tsx';
import {
  ResetMailTemplateDocument,
  type Template,
  UpdateMailTemplateDocument,
} from './template-documents.ts';

type MailTextFormProps = { template: Template; profileId: string | undefined; onChanged: () => void };

/** Subject and text with their variables on the left, how the mail will look on the right. */
export function MailTextForm({ template, profileId, onChanged }: MailTextFormProps) {
  const t = useTranslations('mail');
  const mayManage = useMay('SETTINGS_MANAGE');
  const { event } = template;
  const [subject, setSubject] = useState(template.subject);
  const [body, setBody] = useState(template.body);
  const [saved, setSaved] = useState(false);
  const [resetting, setResetting] = useState(false);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const textBox = useRef<HTMLTextAreaElement>(null);
  const update = useAction(UpdateMailTemplateDocument);
  const reset = useAction(ResetMailTemplateDocument);
  const changed = subject !== template.subject || body !== template.body;
  const place = { event, profileId: profileId ?? null };
  const blocker = useBlocker({ shouldBlockFn: () => changed && !saved, withResolver: true });

  const insert = (name: string) => {
    const box = textBox.current;
    const at = box?.selectionStart ?? body.length;
    const variable = `{{${name}}}`;
    setBody(body.slice(0, at) + variable + body.slice(box?.selectionEnd ?? at));
    // After the next painting the text is there, and the cursor stands behind what was inserted.
    setTimeout(() => {
      box?.focus();
      box?.setSelectionRange(at + variable.length, at + variable.length);
    });
  };
  const submit = async (given: FormEvent) => {
    given.preventDefault();
    if (!(await update.run({ input: { ...place, subject, body } }))) return;
    setSaved(true);
    onChanged();
  };
  const takeBack = async () => {
    if (!(await reset.run({ input: place }))) return;
    setResetting(false);
    onChanged();
  };
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
      <form onSubmit={(given) => void submit(given)}>
        <Stack>
          <TextInput
            label={t('subject')}
            value={subject}
            maxLength={200}
            disabled={!mayManage}
            onChange={({ currentTarget }) => {
              setSaved(false);
              setSubject(currentTarget.value);
            }}
          />
          <Textarea
            ref={textBox}
            label={t('text')}
            description={t('textHint')}
            value={body}
            autosize
            minRows={10}
            maxLength={5000}
            disabled={!mayManage}
            error={update.fieldErrors['body']}
            onChange={({ currentTarget }) => {
              setSaved(false);
              setBody(currentTarget.value);
            }}
          />
          <div>
            <Text size="sm" fw={500} mb={4}>
              {t('variables')}
            </Text>
            <Group gap={6}>
              {template.variables.map(({ name, description, sample }) => (
                <Button
                  key={name}
                  variant="default"
                  size="compact-xs"
                  ff="monospace"
                  disabled={!mayManage}
                  title={`${description} ${t('sample', { sample })}`}
                  aria-label={t('insert', { name, description })}
                  onClick={() => insert(name)}
                >
                  {name}
                </Button>
              ))}
            </Group>
          </div>
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
