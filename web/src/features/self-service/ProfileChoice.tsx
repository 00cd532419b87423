import { Anchor, Group, Radio, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { FormOffer } from './request-form-documents.ts';
import classes from './ProfileChoice.module.css';

type ProfileChoiceProps = {
  offers: readonly FormOffer[];
  defaultId: string | undefined;
  value: string;
  onChange: (profileId: string) => void;
  error: string | undefined;
};

/** The profiles that can be asked for, as cards: picture, name, description, and what each needs. */
export function ProfileChoice({ offers, defaultId, value, onChange, error }: ProfileChoiceProps) {
  const t = useTranslations('requests.form');
  return (
    <Radio.Group label={t('profile')} value={value} onChange={onChange} error={error}>
      <Stack gap="sm" my="xs">
        {offers.map((offer) => (
          <div key={offer.profile.id} className={classes['offer']}>
            <Radio.Card
              value={offer.profile.id}
              p="md"
              radius="md"
              aria-labelledby={`offer-${offer.profile.id}-name`}
              aria-describedby={`offer-${offer.profile.id}-about`}
            >
              <OfferWords offer={offer} isDefault={offers.length > 1 && offer.profile.id === defaultId} />
            </Radio.Card>
            {offer.helpUrl && (
              <Anchor
                href={offer.helpUrl}
                target="_blank"
                rel="noreferrer"
                size="sm"
                underline="always"
                aria-label={t('helpFor', { name: offer.displayName })}
              >
                {t('help')}
              </Anchor>
            )}
          </div>
        ))}
      </Stack>
    </Radio.Group>
  );
}

function OfferWords({ offer, isDefault }: { offer: FormOffer; isDefault: boolean }) {
  const t = useTranslations('requests');
  const { displayName, description, picture, profile } = offer;
  const { deviceType, platform } = profile.deviceDefinition;
  const { deliveryMethod } = profile;
  const needs = [
    platform === 'OTHER' ? deviceType : t(`needs.${platform}`),
    deliveryMethod !== 'CTF' && deliveryMethod !== 'FILE' && t(`delivery.${deliveryMethod}`),
  ].filter(Boolean);
  return (
    <Group wrap="nowrap" align="flex-start">
      <Radio.Indicator />
      {picture && <img className={classes['picture']} src={picture} alt="" />}
      <div className={classes['words']}>
        <Text id={`offer-${profile.id}-name`} fw={600}>
          {displayName}
          {isDefault && (
            <Text span inherit fw={400} c="dimmed">
              {' '}
              · {t('form.recommended')}
            </Text>
          )}
        </Text>
        <div id={`offer-${profile.id}-about`}>
          {description && <Text size="sm">{description}</Text>}
          <Text size="sm" c="dimmed">
            {needs.join(', ')}
          </Text>
        </div>
      </div>
    </Group>
  );
}
