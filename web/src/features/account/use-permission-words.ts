import { useTranslations } from 'use-intl';
import type { Permission } from '../../gql/graphql';

/** Permissions as people say them; one that the catalogue does not know yet by its name. */
export function usePermissionWords(): {
  wordOf: (permission: Permission) => string;
  /** What it allows, in a sentence; empty where nothing is known. */
  allowsOf: (permission: Permission) => string;
} {
  const t = useTranslations('account');
  return {
    wordOf: (permission) => (t.has(`permission.${permission}`) ? t(`permission.${permission}`) : permission),
    allowsOf: (permission) => (t.has(`allows.${permission}`) ? t(`allows.${permission}`) : ''),
  };
}
