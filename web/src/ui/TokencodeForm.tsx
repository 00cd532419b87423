import { Button, Group, PinInput, Stack, Text } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';

type TokencodeFormProps = {
  /** Digits that the token shows. */
  length: number;
  submitLabel: string;
  /** Answers whether the code was taken; the boxes are emptied when it was not. */
  onSubmit: (code: string) => Promise<boolean>;
  busy: boolean;
  /** What is wrong with the last code. */
  problem: ReactNode;
  /** Whether the boxes take the focus when they appear. */
  takesFocus?: boolean;
};

/** Six or eight boxes for a tokencode, which may be pasted; sent as soon as the last digit is there. */
export function TokencodeForm({
  length,
  submitLabel,
  onSubmit,
  busy,
  problem,
  takesFocus = true,
}: TokencodeFormProps) {
  const t = useTranslations('activation');
  const [code, setCode] = useState('');
  const [tries, setTries] = useState(0);
  const problemId = useId();
  const send = async (complete: string) => {
    if (busy || complete.length !== length) return;
    if (await onSubmit(complete)) return;
    setCode('');
    // New boxes, the first of which takes the focus: the next code is typed at once.
    setTries((count) => count + 1);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send(code);
      }}
    >
      <Stack gap="sm">
        <PinInput
          key={tries}
          length={length}
          type="number"
          inputMode="numeric"
          autoFocus={takesFocus || tries > 0}
          gap={6}
          size="md"
          placeholder=""
          value={code}
          onChange={setCode}
          onComplete={(complete) => void send(complete)}
          error={Boolean(problem)}
          getInputProps={(index) => ({
            'aria-label': t('digit', { place: index + 1, of: length }),
            'aria-describedby': problem ? problemId : undefined,
          })}
          role="group"
          aria-label={t('tokencode')}
          disabled={busy}
        />
        <div aria-live="polite" id={problemId}>
          {problem && (
            <Text c="var(--mantine-color-error)" size="sm">
              {problem}
            </Text>
          )}
        </div>
        <Group>
          <Button type="submit" loading={busy} disabled={code.length !== length}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
