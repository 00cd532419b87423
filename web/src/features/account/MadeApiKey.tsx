import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { CopyField } from '../../ui/CopyField.tsx';

type MadeApiKeyProps = { name: string; apiKey: string; onClose: () => void };

/** The key, this once: only the button closes it, no slip of the mouse and no Escape. */
export function MadeApiKey({ name, apiKey, onClose }: MadeApiKeyProps) {
  const t = useTranslations('account.newKey');
  const curl = [
    `curl ${location.origin}/graphql`,
    '-H "Authorization: Bearer $SYMBOLON_KEY"',
    '-H "Content-Type: application/json"',
    `-d '{"query":"{ viewer { userName } }"}'`,
  ].join(' ');
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('made', { name })}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Alert variant="outline" color="yellow">
          {t('once')}
        </Alert>
        <CopyField label={t('key')} value={apiKey} />
        <CopyField label={t('try')} hint={t('tryHint')} value={curl} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('kept')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
