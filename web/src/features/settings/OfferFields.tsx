import { Checkbox, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { PictureField } from './PictureField.tsx';

/** What an administrator says of a profile that people may ask for; empty means none. */
export type OfferDraft = {
  profileId: string;
  displayName: string;
  description: string;
  picture: string;
  helpUrl: string;
  appUrl: string;
  mayChooseDevice: boolean;
};

type OfferFieldsProps = {
  offer: OfferDraft;
  disabled: boolean;
  errorAt: (field: keyof OfferDraft) => string | undefined;
  onChange: (offer: OfferDraft) => void;
};

const PICTURE_BYTES = 30 * 1024;

/** The fields of one offer. */
export function OfferFields({ offer, disabled, errorAt, onChange }: OfferFieldsProps) {
  const t = useTranslations('settings');
  const text = (field: 'displayName' | 'description' | 'helpUrl' | 'appUrl') => ({
    label: t(`offer.${field}`),
    value: offer[field],
    error: errorAt(field),
    disabled,
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...offer, [field]: event.currentTarget.value }),
  });
  return (
    <>
      <TextInput {...text('displayName')} maxLength={100} />
      <Textarea {...text('description')} autosize minRows={1} maxLength={500} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...text('appUrl')} type="url" placeholder="https://" />
        <TextInput {...text('helpUrl')} type="url" placeholder="https://" />
      </SimpleGrid>
      <PictureField
        label={t('offer.picture')}
        value={offer.picture}
        maxBytes={PICTURE_BYTES}
        disabled={disabled}
        error={errorAt('picture')}
        onChange={(picture) => onChange({ ...offer, picture })}
      />
      <Checkbox
        label={t('offer.mayChooseDevice')}
        checked={offer.mayChooseDevice}
        disabled={disabled}
        onChange={(event) => onChange({ ...offer, mayChooseDevice: event.currentTarget.checked })}
      />
    </>
  );
}
