import { useApolloClient, useSubscription } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { graphql } from '../../gql';
import type { ActivationFactsFragment, TokenToActivateQuery } from '../../gql/graphql';
import { onSocket } from '../../lib/apollo.ts';
import { type ActionFailure, failureOf, useAction } from '../../lib/use-action.ts';

graphql(`
  fragment ActivationFacts on Activation {
    id
    state
    secondsLeft
    secondsToConfirm
    device
    tokencodeLength
    byLink
    sentTo
    deskNumber
  }
`);

const TokenToActivateDocument = graphql(`
  query TokenToActivate($serialNumber: String!) {
    installation {
      ctKipUrl
    }
    viewer {
      id
      email
    }
    selfServiceSettings {
      activationEnabled
      allowActivationLinkByEmail
      linkMinutes
    }
    token(serialNumber: $serialNumber) {
      id
      serialNumber
      tokencodeLength
      status
      profile {
        deviceDefinition {
          deviceType
          appDownloadUrl
          platform
        }
      }
      openActivation {
        ...ActivationFacts
      }
    }
  }
`);
const StartActivationDocument = graphql(`
  mutation StartActivation($tokenId: ID!) {
    startActivation(input: { tokenId: $tokenId }) {
      ...Failure
      ... on StartActivationSuccess {
        link
        activation {
          ...ActivationFacts
        }
      }
    }
  }
`);
const SendLinkDocument = graphql(`
  mutation SendActivationLink($tokenId: ID!) {
    sendActivationLink(input: { tokenId: $tokenId }) {
      ...Failure
      ... on SendActivationLinkSuccess {
        activation {
          ...ActivationFacts
        }
      }
    }
  }
`);
const CancelActivationDocument = graphql(`
  mutation CancelActivation($activationId: ID!) {
    cancelActivation(input: { activationId: $activationId }) {
      ...Failure
      ... on CancelActivationSuccess {
        activation {
          ...ActivationFacts
        }
      }
    }
  }
`);
const ActivationDocument = graphql(`
  query Activation($id: ID!) {
    activation(id: $id) {
      ...ActivationFacts
    }
  }
`);
const ActivationChangedDocument = graphql(`
  subscription ActivationChanged($id: ID!) {
    activationChanged(id: $id) {
      ...ActivationFacts
    }
  }
`);

/** While the socket is down the server is asked this often. */
const POLL_MS = 3000;

/** An activation as last heard of; `at` is the moment of that, by `performance.now()`. */
export type LiveActivation = ActivationFactsFragment & { at: number };

type Token = NonNullable<TokenToActivateQuery['token']>;

/** Why no link can be mailed, or null when one can. */
export type NoLink = 'switchedOff' | 'platform' | 'noAddress' | null;

/** A token's activation, kept up to date; started anew when none is open. */
export function useActivation(serialNumber: string) {
  const client = useApolloClient();
  const { run, ...start } = useAction(StartActivationDocument);
  const sending = useAction(SendLinkDocument);
  const cancel = useAction(CancelActivationDocument);
  const [token, setToken] = useState<Token | null>();
  const [facts, setFacts] = useState<TokenToActivateQuery>();
  const [activation, setActivation] = useState<LiveActivation>();
  const [link, setLink] = useState<string>();
  const [problem, setProblem] = useState<ActionFailure | null>(null);

  // News of the former activation may arrive after the new one has begun.
  const current = useRef<string>(undefined);
  const heard = useCallback((facts: ActivationFactsFragment | null | undefined) => {
    current.current ??= facts?.id;
    if (!facts || facts.id !== current.current) return;
    setActivation({ ...facts, at: performance.now() });
    // Of an otpauth activation the link is the seed: it goes with the QR code.
    if (facts.state !== 'OPEN' && facts.secondsToConfirm != null) setLink(undefined);
  }, []);

  const begin = useCallback(
    async (tokenId: string) => {
      const started = await run({ tokenId });
      if (!started) return;
      current.current = started.activation.id;
      setLink(started.link);
      heard(started.activation);
    },
    [run, heard],
  );

  useEffect(() => {
    let gone = false;
    const load = async () => {
      const { data } = await client.query({
        query: TokenToActivateDocument,
        variables: { serialNumber },
        fetchPolicy: 'network-only',
      });
      if (gone) return;
      setToken(data?.token ?? null);
      setFacts(data);
      if (!data?.token) return;
      const open = data.token.openActivation;
      // To start again would throw an unconfirmed seed away, or end a link that is on its way.
      if (open && (open.state === 'ACTIVATED' || open.byLink)) heard(open);
      else if (data.selfServiceSettings.activationEnabled) await begin(data.token.id);
    };
    load().catch((error: unknown) => !gone && setProblem(failureOf(error)));
    return () => {
      gone = true;
    };
  }, [client, serialNumber, begin, heard]);

  useActivationNews(activation?.id, heard);

  return {
    token,
    ctKipUrl: facts?.installation.ctKipUrl ?? '',
    isSwitchedOff: facts?.selfServiceSettings.activationEnabled === false,
    noLink: facts ? noLinkFor(facts) : ('switchedOff' as const),
    linkMinutes: facts?.selfServiceSettings.linkMinutes ?? 0,
    address: facts?.viewer?.email ?? '',
    activation,
    link,
    failure: problem ?? start.failure ?? cancel.failure,
    busy: start.busy || cancel.busy || sending.busy,
    linkFailure: sending.failure,
    forgetLinkFailure: sending.reset,
    /** Mails a link instead; the QR code dies. Answers whether it is on its way. */
    sendLink: async () => {
      const sent = token && (await sending.run({ tokenId: token.id }));
      if (!sent) return false;
      current.current = sent.activation.id;
      setLink(undefined);
      heard(sent.activation);
      return true;
    },
    /** A new code; an unconfirmed seed is thrown away. */
    newCode: () => token && void begin(token.id),
    /** «I did not scan this». */
    undo: async () => {
      if (activation) heard((await cancel.run({ activationId: activation.id }))?.activation);
    },
  };
}

function noLinkFor({ selfServiceSettings, viewer, token }: TokenToActivateQuery): NoLink {
  if (!selfServiceSettings.allowActivationLinkByEmail) return 'switchedOff';
  if (token?.profile?.deviceDefinition.platform === 'OTHER') return 'platform';
  return viewer?.email ? null : 'noAddress';
}

/** What happens to an activation: pushed over the socket, and asked for while that is down. */
function useActivationNews(
  id: string | undefined,
  heard: (facts: ActivationFactsFragment | null | undefined) => void,
): void {
  const client = useApolloClient();
  const [isDown, setIsDown] = useState(false);
  useSubscription(ActivationChangedDocument, {
    variables: { id: id ?? '' },
    skip: !id,
    onData: ({ data }) => heard(data.data?.activationChanged),
    onError: () => setIsDown(true),
  });
  useEffect(() => onSocket((open) => setIsDown(!open)), []);
  useEffect(() => {
    if (!id || !isDown) return undefined;
    const ask = async () => {
      const { data } = await client.query({
        query: ActivationDocument,
        variables: { id },
        fetchPolicy: 'network-only',
      });
      heard(data?.activation);
    };
    const timer = setInterval(() => void ask().catch(() => undefined), POLL_MS);
    return () => clearInterval(timer);
  }, [client, id, isDown, heard]);
}
