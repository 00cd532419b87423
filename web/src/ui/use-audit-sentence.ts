import { useTranslations } from 'use-intl';
import { groupSerialNumber } from '../lib/serial-number.ts';

export type AuditSentenceEvent = {
  id: string;
  at: string;
  action: string;
  outcome: string;
  actorName?: string | null;
  apiKeyName?: string | null;
  targetUserName?: string | null;
  serialNumber?: string | null;
  details: { name: string; value: string }[];
};

/** Puts an audit event into a sentence that a person can read. */
export function useAuditSentence(): (event: AuditSentenceEvent) => string {
  const t = useTranslations('audit');
  return ({ action, outcome, actorName, apiKeyName, targetUserName, serialNumber, details }) => {
    const detail = Object.fromEntries(details.map(({ name, value }) => [name.replaceAll(' ', '_'), value]));
    const kind = detail['kind'] ?? '';
    const values = {
      ...detail,
      kind: t.has(`kinds.${kind}` as never) ? t(`kinds.${kind}` as never) : kind,
      actor:
        actorName && apiKeyName
          ? t('byKey', { actor: actorName, key: apiKeyName })
          : actorName || t('system'),
      key: detail['key'] ?? apiKeyName ?? '',
      isKnownKey: String(Boolean(apiKeyName)),
      outcome,
      dryRun: detail['dryRun'] ?? '',
      seeds: detail['seeds'] ?? '',
      which: (detail['which'] ?? '').replaceAll(' ', '_'),
      user: targetUserName ?? t('nobody'),
      serial: serialNumber ? groupSerialNumber(serialNumber) : '',
      device: detail['device'] ?? t('aDevice'),
      profile: detail['profile'] ?? '',
      deviceType: detail['deviceType'] ?? '',
      reason: reasonText(detail['reason'] ?? ''),
    };
    const key = `actions.${action.replaceAll('.', '_')}`;
    if (!t.has(key as never)) return t('unknownAction', { ...values, action, outcome });
    return t(key as never, values as never);
  };

  function reasonText(reason: string): string {
    const key = `reasons.${reason.replaceAll(' ', '_').replaceAll('-', '_')}`;
    return t.has(key as never) ? t(key as never) : reason;
  }
}
