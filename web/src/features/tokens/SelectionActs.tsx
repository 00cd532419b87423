import { Button, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { ExportTokens } from './ExportTokens.tsx';
import { AssignToUser } from './AssignToUser.tsx';
import { DisableTokensDocument, EnableTokensDocument, UnassignTokensDocument } from './token-documents.ts';

type Act = 'enable' | 'disable' | 'unassign' | 'assign' | 'export';
type SelectionActsProps = {
  tokenIds: string[];
  onDone: () => void;
  /** Left out where there is no selection to give up. */
  onClear?: () => void;
};

/** What can be done with the selected tokens; each act is all or nothing. */
export function SelectionActs({ tokenIds, onDone, onClear }: SelectionActsProps) {
  const t = useTranslations('tokens');
  const [act, setAct] = useState<Act>();
  const mayEnable = useMay('TOKENS_ENABLE');
  const mayManage = useMay('TOKENS_MANAGE');
  const mayExport = useMay('TOKENS_EXPORT');
  return (
    <Paper
      withBorder
      p="xs"
      pos="sticky"
      top={60}
      style={{ zIndex: 2 }}
      role="group"
      aria-label={t('selection')}
    >
      <Group gap="xs">
        <Text size="sm" fw={500} mr="xs">
          {t('selected', { count: tokenIds.length })}
        </Text>
        {mayEnable && (
          <>
            <Button variant="default" onClick={() => setAct('enable')}>
              {t('enable')}
            </Button>
            <Button variant="default" onClick={() => setAct('disable')}>
              {t('disable')}
            </Button>
          </>
        )}
        {mayManage && (
          <>
            <Button variant="default" onClick={() => setAct('assign')}>
              {t('assign')}
            </Button>
            <Button variant="default" onClick={() => setAct('unassign')}>
              {t('unassign')}
            </Button>
          </>
        )}
        {mayExport && (
          <Button variant="default" onClick={() => setAct('export')}>
            {t('export.act')}
          </Button>
        )}
        {onClear && (
          <Button variant="subtle" onClick={onClear}>
            {t('clearSelection')}
          </Button>
        )}
      </Group>
      {act && (
        <TokenAct
          act={act}
          tokenIds={tokenIds}
          onClose={(changed) => {
            setAct(undefined);
            if (changed) onDone();
          }}
        />
      )}
    </Paper>
  );
}

type ConfirmActProps = { act: Act; tokenIds: string[]; onClose: (changed: boolean) => void };

/** Asks for the owner or for a password, or whether it is meant, and does it. */
export function TokenAct({ act, ...rest }: ConfirmActProps) {
  if (act === 'assign') return <AssignToUser {...rest} />;
  return act === 'export' ? <ExportTokens {...rest} /> : <ConfirmAct act={act} {...rest} />;
}

/** Asks before tokens are enabled, disabled or taken from their owners, and says what that does to them. */
function ConfirmAct({
  act,
  tokenIds,
  onClose,
}: ConfirmActProps & { act: Exclude<Act, 'assign' | 'export'> }) {
  const t = useTranslations('tokens');
  const actions = {
    enable: useAction(EnableTokensDocument),
    disable: useAction(DisableTokensDocument),
    unassign: useAction(UnassignTokensDocument),
  };
  const { run, busy, failure } = actions[act];
  return (
    <ConfirmDialog
      opened
      onClose={() => onClose(false)}
      title={t(`${act}Count`, { count: tokenIds.length })}
      confirmLabel={t(`${act}Count`, { count: tokenIds.length })}
      onConfirm={() => void run({ tokenIds }).then((success) => success && onClose(true))}
      danger={act !== 'enable'}
      busy={busy}
      failure={failure}
    >
      {t(`${act}Effect`)}
    </ConfirmDialog>
  );
}
