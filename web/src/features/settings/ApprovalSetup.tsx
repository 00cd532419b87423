import { useQuery } from '@apollo/client/react';
import { Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { WorkflowPolicyQuery } from '../../gql/graphql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { useSettingsForm } from '../../lib/use-settings-form.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { SaveRow } from '../../ui/SaveRow.tsx';
import { WholeNumber } from './WholeNumber.tsx';

graphql(`
  fragment PolicyFacts on WorkflowPolicy {
    approvalSteps
    distributionStep
    requestDays
    minimumTokenDays
    generateTokens
    generatedTokenDays
    officeHoursFrom
    officeHoursTo
    officeTimeZone
  }
`);
const WorkflowPolicyDocument = graphql(`
  query WorkflowPolicy {
    workflowPolicy {
      ...PolicyFacts
    }
  }
`);
const UpdateWorkflowPolicyDocument = graphql(`
  mutation UpdateWorkflowPolicy($input: UpdateWorkflowPolicyInput!) {
    updateWorkflowPolicy(input: $input) {
      ...Failure
      ... on UpdateWorkflowPolicySuccess {
        policy {
          ...PolicyFacts
        }
      }
    }
  }
`);

type Policy = Omit<WorkflowPolicyQuery['workflowPolicy'], '__typename'>;

const withoutTypename = ({ __typename: _, ...policy }: Policy & { __typename?: string }): Policy => policy;
const timeZones = () => [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** How requests are decided, and where their tokens come from. */
export function ApprovalSetup() {
  const { data, error, refetch } = useQuery(WorkflowPolicyDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  return data ? <PolicyForm policy={withoutTypename(data.workflowPolicy)} /> : <DelayedSkeleton />;
}

function PolicyForm({ policy }: { policy: Policy }) {
  const t = useTranslations('settings.approval');
  const disabled = !useMay('SETTINGS_MANAGE');
  const { run, busy, failure, fieldErrors } = useAction(UpdateWorkflowPolicyDocument);
  const group = useSettingsForm(policy, async (input) => (await run({ input })) !== null);
  const { values, getInputProps } = group.form;
  const number = (name: keyof Policy, min: number, max: number) => (
    <WholeNumber
      label={t(name as 'requestDays')}
      description={t(`${name as 'requestDays'}Hint`)}
      min={min}
      max={max}
      maw={420}
      disabled={disabled}
      {...getInputProps(name)}
      error={fieldErrors[name]}
    />
  );
  return (
    <form onSubmit={group.submit}>
      <Stack gap="xl" maw={760}>
        <Text fw={600} role="status">
          {t('means', {
            steps: Number(values.approvalSteps),
            distributes: values.distributionStep ? 'yes' : 'no',
          })}
        </Text>
        <Section title={t('steps')}>
          {number('approvalSteps', 0, 4)}
          <Checkbox
            label={t('distributionStep')}
            description={t('distributionStepHint')}
            disabled={disabled}
            {...getInputProps('distributionStep', { type: 'checkbox' })}
          />
          {number('requestDays', 1, 365)}
        </Section>
        <Section title={t('tokens')}>
          {number('minimumTokenDays', 0, 3650)}
          <Checkbox
            label={t('generateTokens')}
            description={t('generateTokensHint')}
            disabled={disabled}
            {...getInputProps('generateTokens', { type: 'checkbox' })}
          />
          {/* A refusal may be about it while no tokens are made: its reason must not be hidden. */}
          {(values.generateTokens || fieldErrors['generatedTokenDays']) &&
            number('generatedTokenDays', 30, 3650)}
        </Section>
        <Section title={t('officeHours')}>
          <Text c="dimmed" size="sm">
            {t('officeHoursHint')}
          </Text>
          <Group align="flex-start">
            <WholeNumber
              label={t('officeHoursFrom')}
              min={0}
              max={23}
              w={120}
              disabled={disabled}
              {...getInputProps('officeHoursFrom')}
              error={fieldErrors['officeHoursFrom']}
            />
            <WholeNumber
              label={t('officeHoursTo')}
              min={1}
              max={24}
              w={120}
              disabled={disabled}
              {...getInputProps('officeHoursTo')}
              error={fieldErrors['officeHoursTo']}
            />
            <Select
              label={t('officeTimeZone')}
              data={timeZones()}
              searchable
              allowDeselect={false}
              limit={60}
              disabled={disabled}
              {...getInputProps('officeTimeZone')}
              error={fieldErrors['officeTimeZone']}
            />
          </Group>
        </Section>
        <SaveRow {...group} busy={busy} failure={failure} />
      </Stack>
    </form>
  );
}
