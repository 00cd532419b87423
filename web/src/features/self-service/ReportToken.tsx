import { Button, Group, Modal, NativeSelect, Radio, Stack, Text, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { ReportTokenMutation, TokenProblem } from '../../gql/graphql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useAction } from '../../lib/use-action.ts';
import { ActDialog } from '../../ui/ActDialog.tsx';
import { FormError } from '../../ui/FormError.tsx';
import type { MySettings, MyToken } from './my-documents.ts';
import { mayAsk } from './next-step.ts';
import { useRequestWords } from './use-request-words.ts';

const ReportTokenDocument = graphql(`
  mutation ReportToken($input: ReportTokenInput!) {
    reportToken(input: $input) {
      ...Failure
      ... on ReportTokenSuccess {
        token {
          id
          status
          enabled
        }
        tokenRequest {
          ...MyRequest
        }
        notRequested
      }
    }
  }
`);

type Reported = Exclude<ReportTokenMutation['reportToken'], { code: string }>;

type ReportTokenProps = {
  token: MyToken;
  settings: MySettings;
  onClose: (changed: boolean) => void;
};

/** Lost or broken: stops the token at once, asks for a replacement, and says what came of it. */
export function ReportToken({ token, settings, onClose }: ReportTokenProps) {
  const t = useTranslations('my.report');
  const tCommon = useTranslations('common');
  const { run, busy, failure, fieldErrors } = useAction(ReportTokenDocument);
  const [problem, setProblem] = useState<TokenProblem>('LOST');
  const [comment, setComment] = useState('');
  const { offers, defaultProfile } = settings;
  const isOffered = (id: string | undefined) => offers.some(({ profile }) => profile.id === id);
  const [profileId, setProfileId] = useState(
    () => [token.profile?.id, defaultProfile?.id].find(isOffered) ?? offers[0]?.profile.id ?? '',
  );
  const [reported, setReported] = useState<Reported>();
  const serial = groupSerialNumber(token.serialNumber);
  const isReplaced = mayAsk(settings);

  const report = async () => {
    const words = comment.trim() || null;
    const done = await run({
      input: { tokenId: token.id, problem, comment: words, profileId: isReplaced ? profileId : null },
    });
    if (done) setReported(done);
  };
  if (reported) return <Outcome reported={reported} serial={serial} offers={offers} onClose={onClose} />;
  return (
    <ActDialog busy={busy} opened onClose={() => onClose(false)} title={t('title', { serial })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void report();
        }}
      >
        <Stack>
          <Radio.Group
            label={t('what')}
            value={problem}
            onChange={(value) => setProblem(value as TokenProblem)}
            error={fieldErrors['problem']}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="LOST" label={t('LOST')} description={t('LOSTHint')} data-autofocus />
              <Radio value="BROKEN" label={t('BROKEN')} description={t('BROKENHint')} />
            </Stack>
          </Radio.Group>
          <Text>{t(isReplaced ? 'effect' : 'effectOnly')}</Text>
          {isReplaced && offers.length > 1 && (
            <NativeSelect
              label={t('profile')}
              data={offers.map(({ displayName, profile }) => ({ value: profile.id, label: displayName }))}
              value={profileId}
              onChange={(event) => setProfileId(event.currentTarget.value)}
              error={fieldErrors['profileId']}
            />
          )}
          <Textarea
            label={t('comment')}
            description={t('commentHint')}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={400}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
            error={fieldErrors['comment']}
          />
          <FormError failure={failure} />
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => onClose(false)}>
              {tCommon('cancel')}
            </Button>
            <Button type="submit" color="red.9" loading={busy}>
              {t(`button${problem}`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </ActDialog>
  );
}

type OutcomeProps = {
  reported: Reported;
  serial: string;
  offers: MySettings['offers'];
  onClose: (changed: boolean) => void;
};

function Outcome({ reported, serial, offers, onClose }: OutcomeProps) {
  const t = useTranslations('my.report');
  const tCommon = useTranslations('common');
  const { line } = useRequestWords(offers);
  const { tokenRequest, notRequested } = reported;
  const close = () => onClose(true);
  return (
    <Modal opened onClose={close} title={t('doneTitle', { serial })}>
      <Stack>
        <div role="status">
          <Text>{t('done')}</Text>
          <Text style={{ overflowWrap: 'anywhere' }}>
            {tokenRequest
              ? t('requested', { state: line(tokenRequest) })
              : notRequested
                ? t('notRequested', { why: notRequested })
                : t('nothingMore')}
          </Text>
        </div>
        <Group justify="flex-end">
          {tokenRequest && (
            <Button
              component={Link}
              to="/my/requests/$requestId"
              params={{ requestId: tokenRequest.id } as never}
              variant="default"
            >
              {t('show')}
            </Button>
          )}
          <Button onClick={close} data-autofocus>
            {tCommon('close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
