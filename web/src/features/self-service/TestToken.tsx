import { Alert, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { PasscodeOutcome } from '../../gql/graphql';
import { useFailureText } from '../../lib/use-failure-text.ts';
import { useVerifyPasscode } from '../../lib/use-verify-passcode.ts';
import { TokencodeForm } from '../../ui/TokencodeForm.tsx';

/** What is said of a code that was not taken; all else is wrong. */
const wordsFor: Partial<Record<PasscodeOutcome, 'testReplayed' | 'testNext'>> = {
  REPLAYED: 'testReplayed',
  NEXT_TOKENCODE: 'testNext',
};

/** «Test your token»: says whether the code that the app shows now is right. */
export function TestToken({ serialNumber, length }: { serialNumber: string; length: number }) {
  const t = useTranslations('my');
  const failureText = useFailureText();
  const { verify, busy, failure } = useVerifyPasscode(serialNumber);
  const [outcome, setOutcome] = useState<PasscodeOutcome | null>(null);
  const submit = async (code: string) => {
    const answered = await verify(code);
    setOutcome(answered);
    return answered === 'ACCEPTED';
  };
  if (outcome === 'ACCEPTED') {
    return (
      <Alert color="green" variant="outline" role="status">
        {t('testGood')}
      </Alert>
    );
  }
  const problem = failure ? failureText(failure) : outcome && t(wordsFor[outcome] ?? 'testWrong');
  return (
    <Stack gap="xs" mt="xs">
      <Text size="sm">{t('testHint')}</Text>
      <TokencodeForm
        length={length}
        submitLabel={t('testNow')}
        onSubmit={submit}
        busy={busy}
        problem={problem}
      />
    </Stack>
  );
}
