import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Code } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';

const DefinitionDocument = graphql(`
  query DeviceDefinition($id: ID!) {
    deviceDefinition(id: $id) {
      id
      deviceType
      deviceClass
      deliveryMethods
      algorithms
      tokencodeLengths
      tokencodeIntervals
      pinStyles
      tellsDeviceId
      codeFormat
      serverKeyBits
      appDownloadUrl
      shipped
      source
      linkTemplates {
        deliveryMethod
        template
      }
    }
  }
`);
const DeleteDefinitionDocument = graphql(`
  mutation DeleteDeviceDefinition($id: ID!) {
    deleteDeviceDefinition(input: { deviceDefinitionId: $id }) {
      ...Failure
      ... on DeleteDeviceDefinitionSuccess {
        deletedId
      }
    }
  }
`);

/** One device type: what its app can do, and the file that says so. */
export function DefinitionPage({ definitionId }: { definitionId: string }) {
  const t = useTranslations('deviceDefinitions');
  const algorithm = useTranslations('tokens.algorithms');
  const navigate = useNavigate();
  const mayManage = useMay('PROFILES_MANAGE');
  const [deleting, setDeleting] = useState(false);
  const { run, busy, failure } = useAction(DeleteDefinitionDocument);
  const { data, error, refetch } = useQuery(DefinitionDocument, { variables: { id: definitionId } });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const definition = data.deviceDefinition;
  if (!definition) return <NotFound />;
  const remove = async () => {
    if (await run({ id: definition.id })) await navigate({ to: '/admin/device-definitions' });
  };
  return (
    <Page
      title={definition.deviceType}
      subtitle={t(definition.shipped ? 'shipped' : 'imported')}
      actions={
        mayManage &&
        !definition.shipped && (
          <Button variant="default" onClick={() => setDeleting(true)}>
            {t('delete')}
          </Button>
        )
      }
    >
      <Facts
        items={[
          {
            label: t('methods'),
            value: definition.deliveryMethods.map((method) => t(`method.${method}`)).join(', '),
          },
          { label: t('algorithms'), value: definition.algorithms.map((name) => algorithm(name)).join(', ') },
          { label: t('lengths'), value: definition.tokencodeLengths.join(', ') },
          { label: t('intervals'), value: definition.tokencodeIntervals.join(', ') },
          {
            label: t('pinStyles'),
            value: definition.pinStyles.map((style) => t(`pinStyle.${style}`)).join(', '),
          },
          { label: t('codeFormat'), value: t(`format.${definition.codeFormat}`) },
          { label: t('tellsDeviceId'), value: t(definition.tellsDeviceId ? 'yes' : 'no') },
          { label: t('serverKey'), value: t('bits', { count: definition.serverKeyBits }) },
          {
            label: t('deviceClass'),
            value: (
              <Code bg="transparent" p={0}>
                {definition.deviceClass}
              </Code>
            ),
          },
          {
            label: t('app'),
            value: definition.appDownloadUrl && (
              <Anchor href={definition.appDownloadUrl} target="_blank" rel="noreferrer">
                {definition.appDownloadUrl}
              </Anchor>
            ),
          },
          ...definition.linkTemplates.map(({ deliveryMethod, template }) => ({
            label: t('template', { method: t(`method.${deliveryMethod}`) }),
            value: (
              <Code bg="transparent" p={0}>
                {template}
              </Code>
            ),
          })),
        ]}
      />
      <Section title={t('source')}>
        {/* Scrolls sideways, so it must be reachable by keyboard. */}
        <Code block tabIndex={0} role="region" aria-label={t('source')}>
          {definition.source}
        </Code>
      </Section>
      <ConfirmDialog
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t('deleteNamed', { deviceType: definition.deviceType })}
        confirmLabel={t('delete')}
        onConfirm={() => void remove()}
        danger
        busy={busy}
        failure={failure}
      >
        {t('deleteEffect')}
      </ConfirmDialog>
    </Page>
  );
}
