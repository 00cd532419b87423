import { Anchor, Button, Card, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MyRequest, MySettings } from './my-documents.ts';
import { mayCancel } from './request-state.ts';
import { useRequestWords } from './use-request-words.ts';

const CancelRequest = lazy(() => import('./CancelRequest.tsx').then((m) => ({ default: m.CancelRequest })));

type RequestLineProps = {
  request: MyRequest;
  offers: MySettings['offers'];
  /** Just sent: takes the focus, so that it is seen and read out. */
  isNew: boolean;
  onChanged: () => void;
};

/** One request: what was asked for, where it stands as a short line, and cancel. */
export function RequestLine({ request, offers, isNew, onChanged }: RequestLineProps) {
  const t = useTranslations('requests');
  const { what, line } = useRequestWords(offers);
  const [cancelling, setCancelling] = useState(false);
  const card = useRef<HTMLLIElement>(null);
  const link = useRef<HTMLAnchorElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isNew) card.current?.focus();
  }, [isNew]);
  return (
    <Card
      ref={card}
      component="li"
      withBorder
      padding="md"
      style={{ borderColor: isNew ? 'var(--mantine-primary-color-filled)' : undefined }}
      tabIndex={isNew ? -1 : undefined}
      data-testid={`request-${request.id}`}
    >
      <Group justify="space-between" gap="xs">
        <div style={{ minWidth: 0, flex: '1 1 240px', overflowWrap: 'anywhere' }}>
          <Anchor
            ref={link}
            component={Link}
            to="/my/requests/$requestId"
            params={{ requestId: request.id } as never}
            fw={600}
          >
            {what(request)}
          </Anchor>
          <Text size="sm">{line(request)}</Text>
        </div>
        {mayCancel(request) && (
          <Button
            ref={button}
            variant="default"
            size="compact-md"
            aria-label={t('cancel.of', { what: what(request) })}
            onClick={() => setCancelling(true)}
          >
            {t('cancel.button')}
          </Button>
        )}
      </Group>
      {cancelling && (
        <Suspense>
          <CancelRequest
            request={request}
            onClose={(changed) => {
              setCancelling(false);
              if (changed) onChanged();
              // The button goes with the request; the link to it stays.
              setTimeout(() => (changed ? link : button).current?.focus());
            }}
          />
        </Suspense>
      )}
    </Card>
  );
}
