import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { type Finding, finding } from './finding.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const internal = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  internal.addSubnet(net, prefix);
internal.addSubnet('fc00::', 7, 'ipv6');
internal.addSubnet('fe80::', 10, 'ipv6');

type Reach = 'loopback' | 'internal' | 'public';

/** Where an IP address lies. */
export function reachOf(address: string): Reach {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (loopback.check(address, family)) return 'loopback';
  return internal.check(address, family) ? 'internal' : 'public';
}

/** The host of a URL as names and certificates know it: no brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/**
 * Asks this machine's resolver, as every program on it does.
 * @returns what was found, and whether it is worth connecting
 */
export async function resolveName(
  url: URL,
  forPhones: boolean,
  timeoutMs: number,
): Promise<{ known: boolean; findings: Finding[] }> {
  const host = hostOf(url);
  const answer = await addressesOf(host, timeoutMs);
  if (!Array.isArray(answer))
    return { known: false, findings: [finding('name.unknown', { host, ...answer })] };
  const addresses = answer.slice(0, 4).join(', ');
  const named = isIP(host) ? [] : [finding('name.resolves', { host, addresses })];
  return { known: true, findings: [...named, reachFinding(answer, addresses, forPhones)] };
}

async function addressesOf(host: string, timeoutMs: number): Promise<string[] | { reason: string }> {
  if (isIP(host)) return [host];
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(), { code: 'ETIMEOUT' })), timeoutMs);
  });
  try {
    const found = await Promise.race([lookup(host, { all: true }), tooLate]);
    return found.length > 0 ? found.map(({ address }) => address) : { reason: 'ENODATA' };
  } catch (error) {
    return { reason: (error as NodeJS.ErrnoException).code ?? 'ENOTFOUND' };
  } finally {
    clearTimeout(timer);
  }
}

/** The worst of the addresses counts: a phone may take any of them. */
function reachFinding(all: string[], addresses: string, forPhones: boolean): Finding {
  const reaches = new Set(all.map(reachOf));
  if (reaches.has('loopback')) {
    return finding(forPhones ? 'reach.loopback' : 'reach.this_machine', { addresses });
  }
  if (reaches.has('internal')) return finding(forPhones ? 'reach.private' : 'reach.inside', { addresses });
  return finding('reach.public', { addresses });
}
