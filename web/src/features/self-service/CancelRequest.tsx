import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useAction } from '../../lib/use-action.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import type { MyRequest } from './my-documents.ts';

const CancelTokenRequestDocument = graphql(`
  mutation CancelTokenRequest($requestId: ID!) {
    cancelTokenRequest(input: { requestId: $requestId }) {
      ...Failure
      ... on CancelTokenRequestSuccess {
        tokenRequest {
          ...MyRequest
        }
      }
    }
  }
`);

type CancelRequestProps = {
  request: Pick<MyRequest, 'id' | 'replaces'>;
  onClose: (changed: boolean) => void;
};

/** Asks before a request is withdrawn, and says what comes of it. */
export function CancelRequest({ request, onClose }: CancelRequestProps) {
  const t = useTranslations('requests.cancel');
  const { run, busy, failure } = useAction(CancelTokenRequestDocument);
  const confirm = async () => {
    if (await run({ requestId: request.id })) onClose(true);
  };
  return (
    <ConfirmDialog
      opened
      // What stands in its way may have changed the request, too.
      onClose={() => onClose(failure !== null)}
      title={t('title')}
      confirmLabel={t('confirm')}
      cancelLabel={t('keep')}
      onConfirm={() => void confirm()}
      danger
      busy={busy}
      failure={failure}
    >
      {request.replaces
        ? t('replaced', { serial: groupSerialNumber(request.replaces.serialNumber) })
        : t('text')}
    </ConfirmDialog>
  );
}
