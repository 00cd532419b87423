import { Stack, Text } from '@mantine/core';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import { useSession } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { type ApiKeyFacts, RevokeApiKeyDocument } from './account-documents.ts';

type RevokeApiKeyProps = { apiKey: ApiKeyFacts; onClose: (changed: boolean) => void };

/** Asks before a key is ended, and says what stops. */
export function RevokeApiKey({ apiKey, onClose }: RevokeApiKeyProps) {
  const t = useTranslations('account.keys');
  const format = useFormatter();
  const now = useNow();
  const { user } = useSession();
  const { run, busy, failure } = useAction(RevokeApiKeyDocument);
  const { name, lastUsedAt, lastUsedAddress, ownerUserName } = apiKey;
  const revoke = async () => {
    if (await run({ input: { apiKeyId: apiKey.id } })) onClose(true);
  };
  return (
    <ConfirmDialog
      opened
      onClose={() => onClose(false)}
      title={t('revokeTitle', { name })}
      confirmLabel={t('revokeConfirm')}
      onConfirm={() => void revoke()}
      busy={busy}
      failure={failure}
      danger
    >
      <Stack gap="xs">
        <Text>{t('revokeEffect')}</Text>
        {ownerUserName !== user.userName && <Text>{t('revokeOfOwner', { owner: ownerUserName })}</Text>}
        <Text c="dimmed">
          {lastUsedAt
            ? t('revokeUsed', {
                when: format.relativeTime(new Date(lastUsedAt), now),
                address: lastUsedAddress ?? '',
              })
            : t('revokeNever')}
        </Text>
      </Stack>
    </ConfirmDialog>
  );
}
