import { useQuery } from '@apollo/client/react';
import { Stack, Stepper } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Page } from '../../ui/Page.tsx';
import { CheckStep } from './CheckStep.tsx';
import { DeviceStep } from './DeviceStep.tsx';
import { DoneStep } from './DoneStep.tsx';
import { ProfileStep } from './ProfileStep.tsx';
import { WhoStep } from './WhoStep.tsx';
import { type WizardQuery, type WizardStep, wizardSteps } from './wizard-steps.ts';
import { wantsPassword } from './PasswordRule.tsx';
import {
  type Distributed,
  isHandedOn,
  type WizardChoices,
  WizardProfilesDocument,
  WizardTokenDocument,
} from './wizard-documents.ts';

const nothingChosen: WizardChoices = {
  deviceBinding: 'CLASS',
  deviceId: '',
  nickname: '',
  codeKind: 'DIGITS',
  ownCode: '',
  formerPhone: '',
  filePasswordRule: 'PASSWORD',
  filePassword: '',
  copyProtected: true,
};

type DistributeWizardProps = { query: WizardQuery; onQuery: (query: WizardQuery) => void };

/** Who gets it → which profile → which device → check and distribute → what to tell the user; anew for each token. */
export function DistributeWizard(props: DistributeWizardProps) {
  return <Wizard key={props.query.token} {...props} />;
}

function Wizard({ query, onQuery }: DistributeWizardProps) {
  const t = useTranslations('distribution');
  const narrow = useMediaQuery('(max-width: 47.99em)');
  const [choices, setChoices] = useState(nothingChosen);
  const [done, setDone] = useState<Distributed>();
  const { data: tokenData } = useQuery(WizardTokenDocument, {
    variables: { serialNumber: query.token ?? '' },
    skip: !query.token,
    fetchPolicy: 'cache-and-network',
  });
  const { data: profileData } = useQuery(WizardProfilesDocument, { fetchPolicy: 'cache-and-network' });
  const token = query.token ? (tokenData?.token ?? undefined) : undefined;
  const profile = profileData?.tokenProfiles.nodes.find(({ id }) => id === query.profile);

  // A reloaded or copied address has no answer to «Where is the phone?», and no password.
  const lacksPassword =
    profile !== undefined && isHandedOn(profile) && wantsPassword(choices) && choices.filePassword === '';
  const isUnanswered = (token?.hasLiveSeed === true && choices.formerPhone === '') || lacksPassword;
  // An address may name a step whose choices are missing: the earliest open question is asked.
  const asked = query.step ?? (query.token ? 'profile' : 'who');
  const step: WizardStep = done
    ? 'done'
    : !query.token
      ? 'who'
      : !profile && asked !== 'who'
        ? 'profile'
        : (asked === 'done' || asked === 'check') && isUnanswered
          ? 'device'
          : asked === 'done'
            ? 'check'
            : asked;
  const goTo = (next: WizardStep) => onQuery({ ...query, step: next });

  return (
    <Page title={t('title')}>
      <Stepper
        active={wizardSteps.indexOf(step)}
        onStepClick={(index) => goTo(wizardSteps[index] ?? 'who')}
        allowNextStepsSelect={false}
        size="sm"
        orientation={narrow ? 'vertical' : 'horizontal'}
        {...(done ? { onStepClick: undefined as never } : {})}
      >
        {wizardSteps.map((name) => (
          <Stepper.Step
            key={name}
            label={t(`steps.${name}`)}
            {...(narrow && name !== step ? { display: 'none' } : {})}
          />
        ))}
      </Stepper>
      <Stack maw={720}>
        {step === 'who' && (
          <WhoStep onChoose={(serialNumber) => onQuery({ ...query, token: serialNumber, step: 'profile' })} />
        )}
        {step === 'profile' && (
          <ProfileStep
            token={token}
            isKnown={tokenData !== undefined}
            profiles={profileData?.tokenProfiles.nodes}
            chosen={query.profile}
            onBack={() => goTo('who')}
            onChoose={(id) => onQuery({ ...query, profile: id, step: 'device' })}
          />
        )}
        {step === 'device' && token && profile && (
          <DeviceStep
            token={token}
            profile={profile}
            choices={choices}
            onChange={(change) => setChoices({ ...choices, ...change })}
            onBack={() => goTo('profile')}
            onNext={() => goTo('check')}
          />
        )}
        {step === 'check' && token && profile && (
          <CheckStep
            token={token}
            profile={profile}
            choices={choices}
            onBack={() => goTo('device')}
            onDone={setDone}
          />
        )}
        {step === 'done' && token && profile && done && (
          <DoneStep
            token={token}
            profile={profile}
            distributed={done}
            passwordRule={choices.filePasswordRule}
            onAnother={() => onQuery({})}
          />
        )}
      </Stack>
    </Page>
  );
}
