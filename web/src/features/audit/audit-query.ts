export const auditFilters = ['action', 'outcome', 'actor', 'user', 'serial', 'from', 'to'] as const;

/** What the audit page keeps in the address. */
export type AuditQuery = { after?: string | undefined; before?: string | undefined } & Partial<
  Record<(typeof auditFilters)[number], string>
>;
