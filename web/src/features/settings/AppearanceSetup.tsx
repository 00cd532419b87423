import { useQuery } from '@apollo/client/react';
import { ColorInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { type Branding, BrandingDocument, contrastWithWhite } from '../../lib/branding.ts';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { useSettingsForm } from '../../lib/use-settings-form.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { SaveRow } from '../../ui/SaveRow.tsx';
import { PictureField } from './PictureField.tsx';

const UpdateBrandingDocument = graphql(`
  mutation UpdateBranding($input: UpdateBrandingInput!) {
    updateBranding(input: $input) {
      ...Failure
      ... on UpdateBrandingSuccess {
        branding {
          productName
          primaryColor
          logo
        }
      }
    }
  }
`);

const LOGO_BYTES = 100 * 1024;
/** WCAG 2.2, 1.4.3. */
const CONTRAST = 4.5;

/** Name, logo and colour of the self-service pages, with how their head will look. */
export function AppearanceSetup() {
  const { data, error, refetch } = useQuery(BrandingDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  return data ? <BrandingForm branding={data.branding} /> : <DelayedSkeleton />;
}

function BrandingForm({ branding }: { branding: Branding }) {
  const t = useTranslations('settings.appearance');
  const disabled = !useMay('SETTINGS_MANAGE');
  const { run, busy, failure, fieldErrors } = useAction(UpdateBrandingDocument);
  const kept = {
    productName: branding.productName,
    primaryColor: branding.primaryColor ?? '',
    logo: branding.logo ?? '',
  };
  const group = useSettingsForm(kept, async (input) => (await run({ input })) !== null);
  const { values, getInputProps, setFieldValue } = group.form;
  const isColor = /^#[0-9a-f]{6}$/i.test(values.primaryColor);
  const isPale = isColor && contrastWithWhite(values.primaryColor) < CONTRAST;
  const isWrong = values.primaryColor !== '' && (!isColor || isPale);
  const colorError = isPale ? t('pale') : fieldErrors['primaryColor'];
  return (
    <form onSubmit={group.submit}>
      <Stack gap="lg" maw={760}>
        <Section title={t('title')}>
          <Text c="dimmed" size="sm">
            {t('hint')}
          </Text>
          <TextInput
            label={t('productName')}
            maxLength={40}
            maw={420}
            disabled={disabled}
            {...getInputProps('productName')}
            error={fieldErrors['productName']}
          />
          <ColorInput
            label={t('primaryColor')}
            description={t('primaryColorHint')}
            maw={420}
            disabled={disabled}
            eyeDropperButtonProps={{ 'aria-label': t('pick') }}
            {...getInputProps('primaryColor')}
            error={colorError}
          />
          <PictureField
            label={t('logo')}
            value={values.logo}
            maxBytes={LOGO_BYTES}
            disabled={disabled}
            error={fieldErrors['logo']}
            onChange={(logo) => setFieldValue('logo', logo)}
          />
        </Section>
        <Section title={t('preview')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {(['light', 'dark'] as const).map((scheme) => (
              <Head
                key={scheme}
                scheme={scheme}
                {...values}
                primaryColor={isWrong ? '' : values.primaryColor}
              />
            ))}
          </SimpleGrid>
        </Section>
        <SaveRow {...group} busy={busy} failure={failure} disabled={isWrong} />
      </Stack>
    </form>
  );
}

type HeadProps = { scheme: 'light' | 'dark'; productName: string; primaryColor: string; logo: string };

/** The head of the self-service pages and one of their buttons, in one colour scheme. */
function Head({ scheme, productName, primaryColor, logo }: HeadProps) {
  const t = useTranslations('settings.appearance');
  const isLight = scheme === 'light';
  return (
    <figure style={{ margin: 0 }}>
      <div
        style={{
          display: 'flex',
          alignItems: 'center',
          gap: 8,
          padding: 12,
          border: '1px solid var(--mantine-color-default-border)',
          borderRadius: 8,
          background: isLight ? '#ffffff' : '#151a1b',
          color: isLight ? '#000000' : '#e9eced',
        }}
      >
        {logo ? <img src={logo} alt="" style={{ maxHeight: 32, maxWidth: 120 }} /> : <Mark />}
        <b style={{ flex: 1, overflowWrap: 'anywhere' }}>{productName || 'Symbolon'}</b>
        <span
          style={{
            padding: '6px 12px',
            borderRadius: 8,
            background: primaryColor || '#006670',
            color: '#ffffff',
          }}
        >
          {t('button')}
        </span>
      </div>
      <Text component="figcaption" size="xs" c="dimmed" mt={4}>
        {t(scheme)}
      </Text>
    </figure>
  );
}
