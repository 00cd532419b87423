import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import type { OwnSession } from './account-documents.ts';

const EndSessionDocument = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      ...Failure
      ... on EndSessionSuccess {
        sessionId
      }
    }
  }
`);
const EndOtherSessionsDocument = graphql(`
  mutation EndOtherSessions($input: EndOtherSessionsInput!) {
    endOtherSessions(input: $input) {
      ...Failure
      ... on EndOtherSessionsSuccess {
        ended
      }
    }
  }
`);

type OwnSessionsProps = { sessions: readonly OwnSession[]; onChanged: () => void };

/** Where a person is signed in; every session but the present one can be ended from here. */
export function OwnSessions({ sessions, onChanged }: OwnSessionsProps) {
  const t = useTranslations('account.sessions');
  const format = useFormatter();
  const now = useNow();
  const [ending, setEnding] = useState<OwnSession | 'others'>();
  const [ended, setEnded] = useState<number>();
  const one = useAction(EndSessionDocument);
  const others = useAction(EndOtherSessionsDocument);
  const deviceOf = ({ device }: OwnSession) => device ?? t('unknownDevice');
  const count = sessions.filter(({ current }) => !current).length;
  const close = () => {
    setEnding(undefined);
    one.reset();
    others.reset();
  };
  const endOne = async (session: OwnSession) => {
    const done = await one.run({ input: { sessionId: session.id } });
    onChanged();
    if (!done) return;
    setEnded(1);
    close();
  };
  const endOthers = async () => {
    const done = await others.run({ input: {} });
    if (!done) return;
    setEnded(done.ended);
    close();
    onChanged();
  };
  return (
    <Section
      title={t('title')}
      action={
        count > 0 && (
          <Button variant="default" onClick={() => setEnding('others')}>
            {t('endOthers')}
          </Button>
        )
      }
    >
      <Text c="dimmed">{t('hint')}</Text>
      <Text role="status" size="sm">
        {ended === undefined ? '' : t('ended', { count: ended })}
      </Text>
      <DataTable
        label={t('title')}
        rows={sessions}
        rowKey={({ id }) => id}
        empty={null}
        columns={[
          {
            key: 'device',
            header: t('device'),
            cell: (session) => (
              <Group gap={6}>
                {deviceOf(session)}
                {session.current && (
                  <Text span size="sm" fw={600}>
                    {t('current')}
                  </Text>
                )}
              </Group>
            ),
          },
          { key: 'address', header: t('address'), cell: ({ address }) => address },
          { key: 'seen', header: t('lastSeen'), cell: ({ lastSeenAt }) => <TimeText at={lastSeenAt} /> },
          { key: 'ends', header: t('ends'), cell: ({ expiresAt }) => <TimeText at={expiresAt} /> },
          {
            key: 'act',
            header: t('act'),
            cell: (session) =>
              !session.current && (
                <Button
                  className="flush"
                  variant="subtle"
                  size="compact-sm"
                  aria-label={t('endOf', {
                    device: deviceOf(session),
                    when: format.relativeTime(new Date(session.lastSeenAt), now),
                  })}
                  onClick={() => setEnding(session)}
                >
                  {t('end')}
                </Button>
              ),
          },
        ]}
      />
      {ending === 'others' && (
        <ConfirmDialog
          opened
          onClose={close}
          title={t('endOthersTitle')}
          confirmLabel={t('endOthersConfirm')}
          onConfirm={() => void endOthers()}
          busy={others.busy}
          failure={others.failure}
          danger
        >
          {t('endOthersEffect', { count })}
        </ConfirmDialog>
      )}
      {ending && ending !== 'others' && (
        <ConfirmDialog
          opened
          onClose={close}
          title={t('endTitle')}
          confirmLabel={t('endConfirm')}
          onConfirm={() => void endOne(ending)}
          busy={one.busy}
          failure={one.failure}
          danger
        >
          {t('endEffect', { device: deviceOf(ending), address: ending.address })}
        </ConfirmDialog>
      )}
    </Section>
  );
}
