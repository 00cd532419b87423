import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { utcDay } from '../../lib/clock.ts';
import { type Finding, finding } from './finding.ts';
import type { Handshake } from './probe-tls.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const THIS_WEEK_DAYS = 7;
/** Apple, HT210176: no TLS certificate may be valid for longer, whoever issued it. */
const LONGEST_DAYS = 825;
const LEAST_BITS = { rsa: 2048, ec: 256 };
/** OpenSSL's refusals that other findings tell in better words, or that go with them. */
const TOLD_APART = [
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
];

/** PEM certificates; `known` are those that phones know, `own` what this machine trusts beside them. */
export type Roots = { known: readonly string[]; own: readonly string[] };

/** Everything that phones look at in a certificate and those above it. `at`: the time that counts. */
export function judgeCertificate(shown: Handshake, host: string, roots: Roots, at: Date): Finding[] {
  const [leaf] = shown.chain;
  if (!leaf) return [finding('certificate.untrusted', { reason: 'NO_CERTIFICATE' })];
  return [
    judgeTrust(shown, roots),
    judgeName(leaf, host),
    ...judgeTime(shown.chain, at),
    ...judgeStrength(shown.chain),
  ];
}

/** The common name, else the whole subject, on one line and of a bearable length. */
const nameOf = (subject: string | undefined): string => {
  const common = /^CN=(.*)$/m.exec(subject ?? '')?.[1] ?? (subject ?? '').replaceAll('\n', ', ');
  return (common || '?').slice(0, 100);
};

const isOwnIssuer = (certificate: X509Certificate) => certificate.checkIssued(certificate);

/** The root that a certificate is, or was issued by. */
function rootOf(certificate: X509Certificate, roots: readonly string[]): X509Certificate | undefined {
  return roots
    .map((pem) => new X509Certificate(pem))
    .find(
      (root) =>
        root.fingerprint256 === certificate.fingerprint256 ||
        (certificate.checkIssued(root) && certificate.verify(root.publicKey)),
    );
}

/**
 * Looked at apart from OpenSSL's verdict, which names one fault only: an expired certificate of an unknown authority
 * has two. Where this finds nothing and OpenSSL refuses, OpenSSL is right.
 */
function judgeTrust({ chain, refusal }: Handshake, roots: Roots): Finding {
  const top = chain.at(-1)!;
  const known = rootOf(top, roots.known);
  const root = known ?? rootOf(top, roots.own);
  if (root) {
    if (refusal && !TOLD_APART.includes(refusal))
      return finding('certificate.untrusted', { reason: refusal });
    return finding(known ? 'certificate.trusted' : 'certificate.own_authority', {
      issuer: nameOf(root.subject),
    });
  }
  if (isOwnIssuer(top)) {
    if (chain.length === 1) return finding('certificate.self_signed', { name: nameOf(top.subject) });
    return finding('certificate.unknown_issuer', { issuer: nameOf(top.subject) });
  }
  // A public authority says in each certificate where its own is to be had; a private one hardly ever does.
  const issuerIsPublished = /^CA Issuers/m.test(top.infoAccess ?? '');
  return finding(issuerIsPublished ? 'certificate.incomplete_chain' : 'certificate.unknown_issuer', {
    issuer: nameOf(top.issuer),
  });
}

function judgeName(leaf: X509Certificate, host: string): Finding {
  if (isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host, { subject: 'never' })) {
    return finding('certificate.name_matches', { host });
  }
  if (!leaf.subjectAltName && leaf.checkHost(host)) return finding('certificate.no_names', { host });
  const names = (leaf.subjectAltName ?? '')
    .split(', ')
    .map((name) => name.replace(/^(DNS|IP Address):/, ''))
    .filter(Boolean);
  const shown = names.length > 0 ? names.slice(0, 5).join(', ') : nameOf(leaf.subject);
  return finding('certificate.wrong_name', {
    host,
    names: (names.length > 5 ? `${shown}, …` : shown).slice(0, 300),
  });
}

function judgeTime(chain: X509Certificate[], at: Date): Finding[] {
  const [leaf, ...above] = chain as [X509Certificate, ...X509Certificate[]];
  const over = above.find((certificate) => certificate.validToDate <= at);
  const lives = Math.ceil((leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / DAY_MS);
  return [
    judgeOwnTime(leaf, at),
    ...(over
      ? [
          finding('certificate.chain_expired', {
            name: nameOf(over.subject),
            since: utcDay(over.validToDate),
          }),
        ]
      : []),
    ...(lives > LONGEST_DAYS ? [finding('certificate.long_lived', { days: lives, most: LONGEST_DAYS })] : []),
  ];
}

function judgeOwnTime({ validFromDate, validToDate }: X509Certificate, at: Date): Finding {
  const until = utcDay(validToDate);
  if (validToDate <= at) return finding('certificate.expired', { since: until });
  if (validFromDate > at) return finding('certificate.not_yet_valid', { from: utcDay(validFromDate) });
  const days = Math.floor((validToDate.getTime() - at.getTime()) / DAY_MS);
  if (days < THIS_WEEK_DAYS) return finding('certificate.expires_this_week', { until, days });
  if (days < SOON_DAYS) return finding('certificate.expires_soon', { until, days });
  return finding('certificate.valid', { until });
}

/** A root's own signature is not looked at by anybody. */
function judgeStrength(chain: X509Certificate[]): Finding[] {
  const weak = chain.flatMap((certificate) => [
    ...keyFault(certificate),
    ...(isOwnIssuer(certificate) && chain.length > 1 ? [] : signatureFault(certificate)),
  ]);
  if (weak.length > 0) return weak;
  const { kind, bits } = keyOf(chain[0]!);
  return [
    finding('certificate.strong', { kind: kind.toUpperCase(), bits, algorithm: signatureOf(chain[0]!) }),
  ];
}

const curveBits: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };

function keyOf({ publicKey }: X509Certificate): { kind: string; bits: number } {
  const { asymmetricKeyType: kind = '?', asymmetricKeyDetails: details } = publicKey;
  const curve = details?.namedCurve ?? '';
  const bits = details?.modulusLength ?? curveBits[curve] ?? Number(/\d{3}/.exec(curve)?.[0] ?? 0);
  return { kind: kind.replace('-pss', ''), bits };
}

function keyFault(certificate: X509Certificate): Finding[] {
  const { kind, bits } = keyOf(certificate);
  const name = nameOf(certificate.subject);
  if (kind !== 'rsa' && kind !== 'ec') return [finding('certificate.unusual_key', { name, kind })];
  const least = LEAST_BITS[kind];
  if (bits >= least) return [];
  return [finding('certificate.weak_key', { name, kind: kind.toUpperCase(), bits, least })];
}

const signatureOf = ({ signatureAlgorithm, signatureAlgorithmOid }: X509Certificate): string =>
  signatureAlgorithm ?? signatureAlgorithmOid;

function signatureFault(certificate: X509Certificate): Finding[] {
  const algorithm = signatureOf(certificate);
  if (!/md[245]|sha-?1(?!\d)|sha-?224|ripemd/i.test(algorithm)) return [];
  return [finding('certificate.weak_signature', { name: nameOf(certificate.subject), algorithm })];
}
