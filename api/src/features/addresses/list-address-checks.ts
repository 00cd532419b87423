import { inArray } from 'drizzle-orm';
import { type Config, isLoopbackUrl } from '../../config.ts';
import type { Deps } from '../../lib/deps.ts';
import { type Finding, finding, gravestFirst, isKnown, isTrouble, severityOf } from './finding.ts';
import { addressChecks } from './table.ts';

/** Who uses an address. */
export const purposes = ['PHONES', 'CONSOLES'] as const;
export type Purpose = (typeof purposes)[number];

/** An address of the configuration with what the newest check found; checkedAt null: not checked yet. */
export type AddressCheck = {
  url: string;
  purposes: Purpose[];
  checkedAt: Date | null;
  /** The gravest first. */
  findings: Finding[];
};

/** The public URL, then the admin URL where it is another one. */
export function ourAddresses({
  publicUrl,
  adminUrl,
}: Pick<Config, 'publicUrl' | 'adminUrl'>): { url: string; purposes: Purpose[] }[] {
  if (publicUrl === adminUrl) return [{ url: publicUrl, purposes: ['PHONES', 'CONSOLES'] }];
  return [
    { url: publicUrl, purposes: ['PHONES'] },
    { url: adminUrl, purposes: ['CONSOLES'] },
  ];
}

/** Our addresses as they were when they were last checked. */
export async function listAddressChecks(deps: Pick<Deps, 'config' | 'db'>): Promise<AddressCheck[]> {
  const ours = ourAddresses(deps.config);
  const urls = ours.map(({ url }) => url);
  const rows = await deps.db.select().from(addressChecks).where(inArray(addressChecks.url, urls));
  return ours.map((one) => {
    const row = rows.find(({ url }) => url === one.url);
    // A newer version may have left findings that this one has no words for.
    const findings = gravestFirst((row?.findings ?? []).filter(isKnown));
    return { ...one, checkedAt: row?.checkedAt ?? null, findings };
  });
}

/** Addresses that fail, or whose certificate soon ends. */
export async function countAddressTrouble(deps: Pick<Deps, 'config' | 'db'>): Promise<number> {
  const checks = await listAddressChecks(deps);
  return checks.filter(({ findings }) => findings.some(isTrouble)).length;
}

/**
 * The gravest reason why phones will not reach the public address: what the address itself says, else the newest check;
 * null: none is known.
 */
export async function findPhoneHindrance(deps: Pick<Deps, 'config' | 'db'>): Promise<Finding | null> {
  const { publicUrl } = deps.config;
  if (isLoopbackUrl(publicUrl)) return finding('reach.loopback', { addresses: new URL(publicUrl).hostname });
  if (publicUrl.startsWith('http:')) return finding('scheme.plain');
  const check = (await listAddressChecks(deps)).find((one) => one.purposes.includes('PHONES'));
  return check?.findings.find((one) => severityOf(one) === 'ERROR') ?? null;
}
