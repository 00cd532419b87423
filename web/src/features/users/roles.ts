import type { useTranslations } from 'use-intl';
import type { Role } from '../../gql/graphql';

const roles: Role[] = [
  'SUPER_ADMIN',
  'TOKEN_ADMIN',
  'HELP_DESK',
  'REQUEST_APPROVER',
  'TOKEN_DISTRIBUTOR',
  'AUDITOR',
];

/** The roles as choices, in the order of what they allow. */
export const roleOptions = (t: ReturnType<typeof useTranslations<'users'>>) =>
  roles.map((value) => ({ value, label: t(`role.${value}`) }));
