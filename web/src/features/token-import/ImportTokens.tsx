import { useQuery } from '@apollo/client/react';
import { Alert, Stack, Stepper, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { type ActionFailure, useAction } from '../../lib/use-action.ts';
import { useFailureText } from '../../lib/use-failure-text.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { Page } from '../../ui/Page.tsx';
import { CheckStep } from './CheckStep.tsx';
import { FileStep } from './FileStep.tsx';
import { ImportTokensDocument, UploadsDocument } from './import-documents.ts';
import { type ImportQuery, type ImportStep, importSteps, inputOf, type Unlocking } from './import-query.ts';
import { UnlockFields, wantedBy } from './UnlockFields.tsx';
import { WhatStep } from './WhatStep.tsx';

type ImportTokensProps = { query: ImportQuery; onQuery: (query: ImportQuery) => void };

/** Which file → what it is → what would happen, and the import. */
export function ImportTokens({ query, onQuery }: ImportTokensProps) {
  const t = useTranslations('tokenImport');
  const narrow = useMediaQuery('(max-width: 47.99em)');
  const navigate = useNavigate();
  const [unlocking, setUnlocking] = useState<Unlocking>({ password: '', deviceId: '' });
  const [asked, setAsked] = useState<(keyof Unlocking)[]>([]);
  const [tried, setTried] = useState('');
  const { run, busy, failure, fieldErrors, reset } = useAction(ImportTokensDocument);
  const { data, refetch } = useQuery(UploadsDocument, {
    fetchPolicy: 'cache-and-network',
    // An answer that is still under way may not know the upload that just ended.
    context: { queryDeduplication: false },
  });
  const file = data?.uploads.find(({ id }) => id === query.file);
  const isGone = query.file !== undefined && data !== undefined && !file && !busy;

  const wish = wantedBy(failure);
  const refusal = failure && !wish && isAboutFile(failure) ? failure : null;

  // An address may name a step whose choices are missing: the earliest open question is asked.
  const wanted = query.step ?? 'file';
  const step: ImportStep =
    !query.file || isGone || refusal
      ? 'file'
      : wanted === 'check' && !(query.job && query.seeds)
        ? 'what'
        : wanted;
  if (wish && !asked.includes(wish)) setAsked([...asked, wish]);
  const content = useRef<HTMLDivElement>(null);
  const shownStep = useRef(step);
  useEffect(() => {
    if (shownStep.current === step) return;
    shownStep.current = step;
    // What was pressed is gone: the next step is read from its beginning.
    content.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [step]);
  const choose = (fileId: string) => {
    setUnlocking({ password: '', deviceId: '' });
    setAsked([]);
    reset();
    onQuery({ file: fileId, step: 'what' });
  };
  const start = async (dryRun: boolean, chosen: ImportQuery) => {
    setTried(file?.name ?? '');
    const done = await run({ input: inputOf(chosen, unlocking, dryRun) });
    // A refused upload is gone.
    if (!done) return void refetch();
    if (dryRun) onQuery({ ...withoutEmpty(chosen), job: done.job.id, step: 'check' });
    else await navigate({ to: `/admin/jobs/${encodeURIComponent(done.job.id)}` });
  };
  const unlock = (
    <>
      <UnlockFields
        asked={asked}
        unlocking={unlocking}
        failure={failure}
        fieldErrors={fieldErrors}
        onChange={(change) => setUnlocking({ ...unlocking, ...change })}
      />
      {!wish && <FormError failure={failure} />}
    </>
  );
  const back = (to: ImportStep) => {
    reset();
    onQuery({ ...query, step: to });
  };

  return (
    <Page title={t('title')} subtitle={t('intro')}>
      <Stepper
        active={importSteps.indexOf(step)}
        onStepClick={(index) => back(importSteps[index] ?? 'file')}
        allowNextStepsSelect={false}
        size="sm"
        orientation={narrow ? 'vertical' : 'horizontal'}
        maw={720}
      >
        {importSteps.map((name) => (
          <Stepper.Step
            key={name}
            label={t(`steps.${name}`)}
            {...(narrow && name !== step ? { display: 'none' } : {})}
          />
        ))}
      </Stepper>
      <Stack
        ref={content}
        tabIndex={-1}
        role="group"
        aria-label={t(`steps.${step}`)}
        style={{ outline: 'none' }}
        maw={step === 'check' ? 960 : 720}
      >
        {refusal && <RefusedFile name={tried} failure={refusal} />}
        {isGone && !refusal && (
          <Alert variant="outline" color="yellow">
            {t('gone')}
          </Alert>
        )}
        {step === 'file' && <FileStep uploads={data?.uploads} onChosen={choose} onChanged={refetch} />}
        {step === 'what' &&
          (file ? (
            <WhatStep
              fileName={file.name}
              query={query}
              // What a dry run of other choices said does not hold any more.
              onChange={(chosen) => onQuery(withoutEmpty({ ...chosen, step: 'what', job: '' }))}
              onBack={() => back('file')}
              onCheck={(chosen) => void start(true, chosen)}
              onImport={(chosen) => void start(false, chosen)}
              busy={busy}
            >
              {unlock}
            </WhatStep>
          ) : (
            <DelayedSkeleton />
          ))}
        {step === 'check' && (
          <CheckStep
            key={query.job}
            query={query}
            onBack={() => back('what')}
            onAnotherFile={() => back('file')}
            onImport={(skipBad) => void start(false, { ...query, skipBad })}
            busy={busy}
          >
            {unlock}
          </CheckStep>
        )}
      </Stack>
    </Page>
  );
}

/** Whether the file itself was refused, and with it the upload. */
const isAboutFile = ({ code }: ActionFailure): boolean => /^(file|row)\./.test(code);

/** Where the fault is, as the server's message begins. */
const PLACE = /^Line \d+(, serial number [^:]+)?: /;

const withoutEmpty = (query: ImportQuery): ImportQuery =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as ImportQuery;

/** Why a file was refused, with line and serial number as far as they are known, and what to do. */
function RefusedFile({ name, failure }: { name: string; failure: ActionFailure }) {
  const t = useTranslations('tokenImport');
  const text = useFailureText();
  const { line, faultySerialNumber: serialNumber } = failure;
  const place = [
    line && t('line', { line }),
    serialNumber && t('serial', { serial: groupSerialNumber(serialNumber) }),
  ].filter(Boolean);
  return (
    <Alert color="red" variant="outline" role="alert" title={t('refused', { name })}>
      {place.length > 0 && <Text fw={500}>{place.join(' · ')}</Text>}
      <Text style={{ overflowWrap: 'anywhere' }}>
        {place.length > 0 ? text(failure).replace(PLACE, '') : text(failure)}
      </Text>
      {failure.code !== 'file.not_found' && <Text mt="xs">{t('refusedHint')}</Text>}
    </Alert>
  );
}
