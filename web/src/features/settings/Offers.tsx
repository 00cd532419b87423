import { Button, Card, Group, Radio, Select, Stack, Text } from '@mantine/core';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { Section } from '../../ui/Page.tsx';
import { SaveRow } from '../../ui/SaveRow.tsx';
import { OfferFields, type OfferDraft } from './OfferFields.tsx';
import { type ProfileFacts, type SelfServiceFacts, UpdateSelfServiceDocument } from './settings-documents.ts';

type OffersProps = { settings: SelfServiceFacts; profiles: readonly ProfileFacts[] };

/** The profiles that people may ask for, in order, with what they see of each, and the one that is preselected. */
export function Offers({ settings, profiles }: OffersProps) {
  const t = useTranslations('settings');
  const mayManage = useMay('SETTINGS_MANAGE');
  const { run, busy, failure, fieldErrors } = useAction(UpdateSelfServiceDocument);
  const kept = { offers: draftsOf(settings), defaultId: settings.defaultProfile?.id ?? null };
  const [draft, setDraft] = useState(kept);
  const [saved, setSaved] = useState(false);
  const [news, setNews] = useState('');
  const page = useId();
  const focusNext = useRef<string>(undefined);
  const { offers, defaultId } = draft;
  const change = (part: Partial<typeof draft>) => {
    setSaved(false);
    setDraft({ ...draft, ...part });
  };
  // The button that was pressed may be gone or out of use: who works by keyboard goes on beside it.
  useEffect(() => {
    if (focusNext.current) document.getElementById(focusNext.current)?.focus();
    focusNext.current = undefined;
  });
  const idOf = (profileId: string, act: 'up' | 'down') => `${page}-${profileId}-${act}`;
  const left = profiles.filter(
    ({ id, retiredAt }) => !retiredAt && !offers.some(({ profileId }) => profileId === id),
  );
  const add = (id: string | null) => {
    const profile = left.find((one) => one.id === id);
    if (!profile) return;
    const offer = { ...emptyOffer, profileId: profile.id, displayName: profile.name };
    const appUrl = profile.deviceDefinition.appDownloadUrl ?? '';
    change({ offers: [...offers, { ...offer, appUrl }], defaultId: defaultId ?? profile.id });
  };
  const move = (from: number, by: 1 | -1) => {
    const moved = [...offers];
    const [offer] = moved.splice(from, 1);
    const to = from + by;
    moved.splice(to, 0, offer!);
    const { profileId } = offer!;
    const act = to === 0 ? 'down' : to === offers.length - 1 ? 'up' : by < 0 ? 'up' : 'down';
    focusNext.current = idOf(profileId, act);
    setNews(t('moved', { name: nameOf(profileId), place: to + 1, of: offers.length }));
    change({ offers: moved });
  };
  const remove = (profileId: string) => {
    focusNext.current = `${page}-add`;
    setNews(t('removed', { name: nameOf(profileId) }));
    const rest = offers.filter((offer) => offer.profileId !== profileId);
    change({
      offers: rest,
      defaultId: defaultId === profileId ? (rest[0]?.profileId ?? null) : defaultId,
    });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await run({ input: { offers, defaultProfileId: defaultId } });
    if (!done) return;
    const stored = { offers: draftsOf(done.settings), defaultId: done.settings.defaultProfile?.id ?? null };
    // What was typed since it was sent stays.
    setDraft((now) => (now === draft ? stored : now));
    setSaved(true);
  };
  const nameOf = (id: string) => profiles.find((profile) => profile.id === id)?.name ?? '';
  return (
    <Section title={t('offers')}>
      <Text c="dimmed" size="sm">
        {t('offersHint')}
      </Text>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {offers.length === 0 && <Text>{t('noOffers')}</Text>}
          {offers.map((offer, index) => (
            <Card withBorder key={offer.profileId} component="fieldset" padding="md">
              <legend className="visually-hidden">{nameOf(offer.profileId)}</legend>
              <Stack gap="sm">
                <Group justify="space-between">
                  <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                    {nameOf(offer.profileId)}
                  </Text>
                  <Radio
                    label={t('isDefault')}
                    name="default-profile"
                    checked={defaultId === offer.profileId}
                    disabled={!mayManage}
                    onChange={() => change({ defaultId: offer.profileId })}
                  />
                </Group>
                <OfferFields
                  offer={offer}
                  disabled={!mayManage}
                  errorAt={(field) => fieldErrors[`offers.${index}.${field}`]}
                  onChange={(next) => change({ offers: offers.map((one) => (one === offer ? next : one)) })}
                />
                {mayManage && (
                  <Group gap="xs">
                    <Button
                      variant="default"
                      size="compact-sm"
                      disabled={index === 0}
                      id={idOf(offer.profileId, 'up')}
                      aria-label={t('upOf', { name: nameOf(offer.profileId) })}
                      onClick={() => move(index, -1)}
                    >
                      {t('up')}
                    </Button>
                    <Button
                      variant="default"
                      size="compact-sm"
                      disabled={index === offers.length - 1}
                      id={idOf(offer.profileId, 'down')}
                      aria-label={t('downOf', { name: nameOf(offer.profileId) })}
                      onClick={() => move(index, 1)}
                    >
                      {t('down')}
                    </Button>
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      aria-label={t('removeOf', { name: nameOf(offer.profileId) })}
                      onClick={() => remove(offer.profileId)}
                    >
                      {t('remove')}
                    </Button>
                  </Group>
                )}
              </Stack>
            </Card>
          ))}
          {mayManage && left.length > 0 && (
            <Select
              id={`${page}-add`}
              label={t('addOffer')}
              placeholder={t('addOfferHint')}
              data={left.map(({ id, name }) => ({ value: id, label: name }))}
              value={null}
              onChange={add}
              searchable
              maw={420}
            />
          )}
          <span role="status" className="visually-hidden">
            {news}
          </span>
          {fieldErrors['offers'] && (
            <Text role="alert" size="sm" c="var(--mantine-color-error)">
              {fieldErrors['offers']}
            </Text>
          )}
          <SaveRow
            changed={JSON.stringify(draft) !== JSON.stringify(kept)}
            saved={saved}
            busy={busy}
            failure={failure}
          />
        </Stack>
      </form>
    </Section>
  );
}

const emptyOffer = {
  profileId: '',
  displayName: '',
  description: '',
  picture: '',
  helpUrl: '',
  appUrl: '',
  mayChooseDevice: false,
};

const draftsOf = ({ offers }: SelfServiceFacts): OfferDraft[] =>
  offers.map(({ profile, displayName, description, picture, helpUrl, appUrl, mayChooseDevice }) => ({
    profileId: profile.id,
    displayName,
    description,
    picture: picture ?? '',
    helpUrl: helpUrl ?? '',
    appUrl: appUrl ?? '',
    mayChooseDevice,
  }));
