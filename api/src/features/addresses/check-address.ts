import { getCACertificates } from 'node:tls';
import type { Deps } from '../../lib/deps.ts';
import { askAddress, noConnection, portOf } from './ask-address.ts';
import { type Finding, finding } from './finding.ts';
import { judgeCertificate, type Roots } from './judge-certificate.ts';
import { type Handshake, type NoHandshake, offers, probeTls, type Target } from './probe-tls.ts';
import { hostOf, resolveName } from './resolve-name.ts';

export type CheckOptions = {
  /** Whether phones use the address; else consoles only. */
  forPhones: boolean;
  databaseAheadMs: number;
  /** For each step. */
  timeoutMs?: number | undefined;
  /** PEM roots that this machine trusts beside those it knows. */
  ownRoots?: readonly string[] | undefined;
};

const TIMEOUT_MS = 5000;

/**
 * Looks at one of our own addresses as a phone would: name, connection, TLS, certificate, who answers. Takes up to a
 * few time-outs of five seconds; never throws for what the other side does.
 * @param address of the configuration, never of a caller: whoever chooses it chooses where this server connects to
 */
export async function checkAddress(
  deps: Pick<Deps, 'clock' | 'random' | 'vault'>,
  address: string,
  options: CheckOptions,
): Promise<Finding[]> {
  const { forPhones, timeoutMs = TIMEOUT_MS, ownRoots = [] } = options;
  const url = new URL(address);
  const { known, findings } = await resolveName(url, forPhones, timeoutMs);
  if (!known) return findings;
  const isLocal = findings.some(({ code }) => code === 'reach.loopback' || code === 'reach.this_machine');
  const ask = () => askAddress(deps, url, { forPhones, timeoutMs, databaseAheadMs: options.databaseAheadMs });
  if (url.protocol === 'http:') {
    return [...findings, finding(isLocal ? 'scheme.plain_loopback' : 'scheme.plain'), ...(await ask())];
  }
  const roots = trustedRoots(ownRoots);
  const target = { host: hostOf(url), port: portOf(url), timeoutMs, roots: [...roots.known, ...roots.own] };
  const tls = await checkTls(target, url);
  if (!tls.shown) return [...findings, ...tls.findings];
  const certificate = judgeCertificate(tls.shown, target.host, roots, deps.clock.now());
  return [...findings, ...tls.findings, ...certificate, ...(await ask())];
}

/** Node's own list is Mozilla's, which is close to what phones bring; the rest is this machine's. */
function trustedRoots(ownRoots: readonly string[]): Roots {
  const known = getCACertificates('bundled');
  const bundled = new Set(known);
  const own = [...getCACertificates('extra'), ...getCACertificates('system'), ...ownRoots];
  return { known, own: own.filter((pem) => !bundled.has(pem)) };
}

const isShown = (result: Handshake | NoHandshake): result is Handshake => 'chain' in result;

/** From what phones ask for down to what is long outdated, until a handshake succeeds. */
async function checkTls(
  target: Target,
  url: URL,
): Promise<{ findings: Finding[]; shown: Handshake | undefined }> {
  const first = await probeTls(target, offers.asPhones);
  if (isShown(first)) {
    const { protocol, cipher } = first;
    const modern = finding('tls.modern', { protocol: spoken(protocol), cipher });
    return { findings: [modern, ...(await oldAccepted(target))], shown: first };
  }
  if (!first.connected) {
    return { findings: [noConnection(url, first.failure, target.timeoutMs)], shown: undefined };
  }
  const { host, port, timeoutMs } = target;
  if (first.timedOut) {
    const seconds = Math.ceil(timeoutMs / 1000);
    return { findings: [finding('tls.silent', { host, port, seconds })], shown: undefined };
  }
  const anyCipher = await probeTls(target, offers.anyCipher);
  if (isShown(anyCipher)) {
    const missing = finding('tls.no_forward_secrecy', { cipher: anyCipher.cipher });
    return { findings: [missing, ...(await oldAccepted(target))], shown: anyCipher };
  }
  const old = await probeTls(target, offers.old);
  if (isShown(old)) {
    return { findings: [finding('tls.too_old', { protocol: spoken(old.protocol) })], shown: old };
  }
  return { findings: [finding('tls.none', { host, port, reason: first.failure })], shown: undefined };
}

async function oldAccepted(target: Target): Promise<Finding[]> {
  const old = await probeTls(target, offers.old);
  return isShown(old) ? [finding('tls.old_accepted', { protocol: spoken(old.protocol) })] : [];
}

/** «TLS 1.3» for OpenSSL's TLSv1.3. */
const spoken = (protocol: string): string =>
  protocol === 'TLSv1' ? 'TLS 1.0' : protocol.replace('TLSv', 'TLS ');
