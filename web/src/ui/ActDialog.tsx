import { Modal, type ModalProps } from '@mantine/core';
import { useTranslations } from 'use-intl';

/**
 * A dialog around an act. While the act runs it cannot be closed: that would not stop the act, and what comes of it, a
 * refusal or something that is shown once, would be seen by nobody. Its «Cancel» is disabled meanwhile.
 */
export function ActDialog({ busy, onClose, ...rest }: ModalProps & { busy: boolean }) {
  const t = useTranslations('common');
  return (
    <Modal
      {...rest}
      onClose={busy ? () => {} : onClose}
      closeButtonProps={{ 'aria-label': t('close'), disabled: busy }}
    />
  );
}
