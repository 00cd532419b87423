import { useTranslations } from 'use-intl';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { UpdateUserDocument } from './EditUser.tsx';

type EnableUserProps = {
  user: { id: string; userName: string; enabled: boolean };
  onClose: (changed: boolean) => void;
};

/** Asks before a person is locked out, or let in again. */
export function EnableUser({ user, onClose }: EnableUserProps) {
  const t = useTranslations('users');
  const { run, busy, failure } = useAction(UpdateUserDocument);
  const verb = user.enabled ? 'disable' : 'enable';
  const confirm = async () => {
    if (await run({ input: { userId: user.id, enabled: !user.enabled } })) onClose(true);
  };
  return (
    <ConfirmDialog
      opened
      onClose={() => onClose(false)}
      title={t(`${verb}Named`, { userName: user.userName })}
      confirmLabel={t(verb)}
      onConfirm={() => void confirm()}
      danger={user.enabled}
      busy={busy}
      failure={failure}
    >
      {t(`${verb}Effect`, { userName: user.userName })}
    </ConfirmDialog>
  );
}
