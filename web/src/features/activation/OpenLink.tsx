import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Container, Divider, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { OpenActivationLinkMutation } from '../../gql/graphql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useAction } from '../../lib/use-action.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { BrandMark } from '../../ui/BrandMark.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { SpelledCode } from './SpelledCode.tsx';

const OpenActivationLinkDocument = graphql(`
  mutation OpenActivationLink($ticket: String!, $number: String) {
    openActivationLink(input: { ticket: $ticket, number: $number }) {
      ...Failure
      ... on OpenActivationLinkSuccess {
        link
        ctKipUrl
        activationCode
        serialNumber
        deviceType
        minutesLeft
      }
    }
  }
`);
const WhoIsHereDocument = graphql(`
  query WhoIsHere {
    viewer {
      id
      givenName
    }
  }
`);

type Opened = Extract<OpenActivationLinkMutation['openActivationLink'], { link: string }>;

// What stands behind the hash sign never leaves the browser by itself, so no log and no mail scanner sees it.
const ticketOfAddress = () => location.hash.slice(1);

/**
 * The page behind a mailed link, on the phone. It spends nothing by itself: the ticket leaves the address bar only in a
 * POST, with the number of the other screen or the session of the owner.
 */
export function OpenLink() {
  const t = useTranslations('activation');
  usePageTitle(t('open.title'));
  const [ticket, setTicket] = useState(ticketOfAddress);
  const [opened, setOpened] = useState<Opened>();
  // A newer link opened in the same tab changes the hash alone; nothing is loaded anew then.
  useEffect(() => {
    const renew = () => {
      setTicket(ticketOfAddress());
      setOpened(undefined);
    };
    addEventListener('hashchange', renew);
    return () => removeEventListener('hashchange', renew);
  }, []);
  return (
    <Container component="main" size={480} py="xl">
      <Stack gap="lg">
        <BrandMark />
        <Title order={1}>{t('open.title')}</Title>
        {opened ? (
          <OpenApp {...opened} />
        ) : ticket ? (
          <Prove key={ticket} ticket={ticket} onOpened={setOpened} />
        ) : (
          <Over title={t('open.incomplete')}>{t('open.incompleteHint')}</Over>
        )}
      </Stack>
    </Container>
  );
}

function Prove({ ticket, onOpened }: { ticket: string; onOpened: (opened: Opened) => void }) {
  const t = useTranslations('activation');
  const { data } = useQuery(WhoIsHereDocument, { fetchPolicy: 'network-only' });
  const { run, busy, failure, fieldErrors } = useAction(OpenActivationLinkDocument);
  const [number, setNumber] = useState('');
  const who = data?.viewer;
  const open = async (given: string | null) => {
    const answer = await run({ ticket, number: given });
    if (answer) onOpened(answer);
  };
  if (failure?.code === 'activation_link.unknown') {
    return (
      <Over title={t('open.over')}>
        {t.rich('open.overHint', {
          my: (words) => (
            <Anchor href="/my" inherit underline="always">
              {words}
            </Anchor>
          ),
        })}
      </Over>
    );
  }
  return (
    <>
      {who && (
        <>
          <Button size="md" loading={busy} onClick={() => void open(null)}>
            {t('open.asOwner', { name: who.givenName })}
          </Button>
          <Divider />
        </>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void open(number);
        }}
      >
        <Stack>
          <Text>{t(who ? 'open.orNumber' : 'open.intro')}</Text>
          <TextInput
            label={t('open.number')}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
            error={fieldErrors['number']}
            inputMode="numeric"
            autoComplete="off"
            maxLength={9}
            required
            withAsterisk={false}
            size="md"
          />
          <FormError failure={failure} />
          <Group>
            <Button type="submit" size="md" variant={who ? 'default' : 'filled'} loading={busy}>
              {t('open.continue')}
            </Button>
          </Group>
        </Stack>
      </form>
      {data && !who && (
        <Text>
          {t.rich('open.orSignIn', {
            here: (words) => (
              // The ticket stays behind the hash sign on the way through the sign-in, too.
              <Anchor href={`/sign-in?next=/activate#${ticket}`} inherit underline="always">
                {words}
              </Anchor>
            ),
          })}
        </Text>
      )}
    </>
  );
}

// The button that was pressed has gone, and the focus with it.
const takeFocus = (heading: HTMLElement | null) => heading?.focus();

function OpenApp({ link, ctKipUrl, activationCode, serialNumber, deviceType, minutesLeft }: Opened) {
  const t = useTranslations('activation');
  return (
    <Stack data-testid="open-app">
      <div>
        <Title order={2} style={{ outline: 'none', overflowWrap: 'anywhere' }} tabIndex={-1} ref={takeFocus}>
          {t('open.ready', { serial: groupSerialNumber(serialNumber), deviceType })}
        </Title>
        <Text c="dimmed" size="sm">
          {minutesLeft > 120
            ? t('open.hours', { hours: Math.floor(minutesLeft / 60) })
            : t('open.minutes', { minutes: minutesLeft })}
        </Text>
      </div>
      <Button component="a" href={link} size="lg">
        {t('open.openApp')}
      </Button>
      <Text>
        {t.rich('open.next', {
          here: (words) => (
            <Anchor href={`/my/tokens/${serialNumber}/activate`} inherit underline="always">
              {words}
            </Anchor>
          ),
        })}
      </Text>
      {ctKipUrl && activationCode ? (
        <>
          <Text>{t('open.typeBoth')}</Text>
          <CopyField label={t('ctKipUrl')} value={ctKipUrl} />
          <CopyField
            label={t('activationCode')}
            value={activationCode}
            shown={<SpelledCode value={activationCode} />}
          />
        </>
      ) : (
        <CopyField label={t('open.copy')} value={link} hint={t('open.copyHint')} />
      )}
    </Stack>
  );
}

function Over({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div role="alert">
      <Text fw={600}>{title}</Text>
      <Text>{children}</Text>
    </div>
  );
}
