/** Everything a role can allow. */
export const permissions = [
  'USERS_READ',
  'USERS_ENABLE',
  'USERS_MANAGE',
  'ROLES_GRANT',
  'TOKENS_READ',
  'TOKENS_ENABLE',
  'TOKENS_MANAGE',
  'TOKENS_DISTRIBUTE',
  'TOKENS_EXPORT',
  'PASSCODES_VERIFY',
  'PROFILES_READ',
  'PROFILES_MANAGE',
  'REQUESTS_READ',
  'REQUESTS_APPROVE',
  'REQUESTS_DISTRIBUTE',
  'HISTORY_READ',
  'AUDIT_READ',
  'SETTINGS_READ',
  'SETTINGS_MANAGE',
] as const;
export type Permission = (typeof permissions)[number];

export const roles = [
  'SUPER_ADMIN',
  'TOKEN_ADMIN',
  'HELP_DESK',
  'REQUEST_APPROVER',
  'TOKEN_DISTRIBUTOR',
  'AUDITOR',
] as const;
export type Role = (typeof roles)[number];

const look: Permission[] = ['USERS_READ', 'TOKENS_READ', 'PROFILES_READ', 'REQUESTS_READ', 'HISTORY_READ'];

/** The one table that maps a role to what it allows. */
export const rolePermissions: Record<Role, readonly Permission[]> = {
  SUPER_ADMIN: permissions,
  TOKEN_ADMIN: [
    ...look,
    'TOKENS_ENABLE',
    'TOKENS_MANAGE',
    'TOKENS_DISTRIBUTE',
    'PASSCODES_VERIFY',
    'REQUESTS_DISTRIBUTE',
    'PROFILES_MANAGE',
  ],
  HELP_DESK: [...look, 'TOKENS_ENABLE', 'USERS_ENABLE'],
  REQUEST_APPROVER: ['USERS_READ', 'TOKENS_READ', 'PROFILES_READ', 'REQUESTS_READ', 'REQUESTS_APPROVE'],
  TOKEN_DISTRIBUTOR: [...look, 'TOKENS_DISTRIBUTE', 'REQUESTS_DISTRIBUTE'],
  AUDITOR: [...look, 'AUDIT_READ', 'SETTINGS_READ'],
};

/** What a set of roles allows together. */
export function permissionsOf(held: readonly Role[]): ReadonlySet<Permission> {
  return new Set(held.flatMap((role) => rolePermissions[role]));
}
