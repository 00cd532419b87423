import { useQuery } from '@apollo/client/react';
import { Button, Group, Modal, NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { TokenAlgorithm } from '../../gql/graphql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';

const GenerateTokensDocument = graphql(`
  mutation GenerateTokens($input: GenerateTokensInput!) {
    generateTokens(input: $input) {
      ...Failure
      ... on GenerateTokensSuccess {
        tokens {
          id
          serialNumber
        }
      }
    }
  }
`);
const NextSerialNumberDocument = graphql(`
  query NextSerialNumber($algorithm: TokenAlgorithm!) {
    nextSerialNumber(algorithm: $algorithm)
  }
`);

const YEARS_3 = 3 * 365 * 24 * 3600 * 1000;
const threeYearsOn = () => new Date(Date.now() + YEARS_3).toISOString().slice(0, 10);

/** Makes tokens with consecutive serial numbers; they get a seed when they are distributed. */
export function GenerateTokens({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const t = useTranslations('tokens');
  const { run, busy, failure, fieldErrors } = useAction(GenerateTokensDocument);
  const [made, setMade] = useState<string[]>();
  const form = useForm({
    initialValues: {
      algorithm: 'SECURID' as TokenAlgorithm,
      count: 10,
      expiresOn: threeYearsOn(),
      firstSerialNumber: '',
    },
  });
  const { algorithm } = form.values;
  const next = useQuery(NextSerialNumberDocument, { variables: { algorithm }, fetchPolicy: 'network-only' })
    .data?.nextSerialNumber;
  const submit = form.onSubmit(async ({ count, expiresOn, firstSerialNumber }) => {
    const success = await run({
      input: {
        count: Number(count),
        algorithm,
        expiresOn,
        firstSerialNumber: firstSerialNumber || null,
      },
    });
    if (!success) return;
    setMade(success.tokens.map(({ serialNumber }) => serialNumber));
    onMade();
  });
  if (made) {
    return (
      <Modal opened onClose={onClose} title={t('madeCount', { count: made.length })}>
        <Stack>
          <Text>
            {t('madeRange', {
              first: groupSerialNumber(made[0] ?? ''),
              last: groupSerialNumber(made.at(-1) ?? ''),
            })}
          </Text>
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('close')}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <ActDialog busy={busy} opened onClose={onClose} title={t('make')}>
      <form onSubmit={submit}>
        <Stack>
          <FormError failure={failure} />
          <Radio.Group label={t('algorithm')} {...form.getInputProps('algorithm')}>
            <Stack gap="xs" mt="xs">
              <Radio
                value="SECURID"
                label={t('algorithms.SECURID')}
                description={t('algorithmHints.SECURID')}
              />
              <Radio value="TOTP" label={t('algorithms.TOTP')} description={t('algorithmHints.TOTP')} />
            </Stack>
          </Radio.Group>
          <NumberInput
            label={t('howMany')}
            min={1}
            max={1000}
            allowDecimal={false}
            required
            data-autofocus
            {...form.getInputProps('count')}
            error={fieldErrors['count']}
          />
          <TextInput
            type="date"
            label={t('lastDay')}
            description={t('lastDayHint')}
            required
            {...form.getInputProps('expiresOn')}
            error={fieldErrors['expiresOn']}
          />
          <TextInput
            label={t('firstSerial')}
            description={t('firstSerialHint', { next: groupSerialNumber(next ?? '…') })}
            inputMode="numeric"
            {...form.getInputProps('firstSerialNumber')}
            error={fieldErrors['firstSerialNumber']}
          />
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('makeCount', { count: Number(form.values.count) || 0 })}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}
