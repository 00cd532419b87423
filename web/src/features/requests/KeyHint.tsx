import { Kbd, Text, UnstyledButton } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useMay } from '../../lib/session.ts';

/** The keys of this page in a line, and a way to turn them off for who speaks to the computer. */
export function KeyHint({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  const t = useTranslations('requestQueue.keys');
  const mayApprove = useMay('REQUESTS_APPROVE');
  return (
    <Text component="div" size="xs" lh={2} c="dimmed" visibleFrom="md" role="note" aria-label={t('label')}>
      {isOn && (
        <>{t.rich(mayApprove ? 'hint' : 'hintDistribute', { k: (key) => <Kbd size="xs">{key}</Kbd> })} · </>
      )}
      <UnstyledButton
        fz="inherit"
        c="dimmed"
        style={{ textDecoration: 'underline' }}
        onClick={() => onChange(!isOn)}
      >
        {t(isOn ? 'off' : 'on')}
      </UnstyledButton>
    </Text>
  );
}
