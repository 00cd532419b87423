/** From «all is well» to «phones fail». */
export const severities = ['OK', 'NOTE', 'WARNING', 'ERROR'] as const;
export type Severity = (typeof severities)[number];

/** Every finding there is, by what it means for whoever uses the address. */
export const findingSeverities = {
  'name.resolves': 'OK',
  'name.unknown': 'ERROR',
  'reach.public': 'OK',
  'reach.private': 'WARNING',
  'reach.inside': 'NOTE',
  'reach.loopback': 'WARNING',
  'reach.this_machine': 'NOTE',
  'scheme.plain': 'ERROR',
  'scheme.plain_loopback': 'NOTE',
  'connection.refused': 'ERROR',
  'connection.timeout': 'ERROR',
  'connection.failed': 'ERROR',
  'tls.modern': 'OK',
  'tls.none': 'ERROR',
  'tls.silent': 'ERROR',
  'tls.too_old': 'ERROR',
  'tls.no_forward_secrecy': 'ERROR',
  'tls.old_accepted': 'WARNING',
  'certificate.trusted': 'OK',
  'certificate.own_authority': 'WARNING',
  'certificate.self_signed': 'ERROR',
  'certificate.unknown_issuer': 'ERROR',
  'certificate.incomplete_chain': 'ERROR',
  'certificate.untrusted': 'ERROR',
  'certificate.name_matches': 'OK',
  'certificate.wrong_name': 'ERROR',
  'certificate.no_names': 'ERROR',
  'certificate.valid': 'OK',
  'certificate.expired': 'ERROR',
  'certificate.not_yet_valid': 'ERROR',
  'certificate.expires_soon': 'WARNING',
  'certificate.expires_this_week': 'WARNING',
  'certificate.chain_expired': 'ERROR',
  'certificate.long_lived': 'WARNING',
  'certificate.strong': 'OK',
  'certificate.weak_key': 'ERROR',
  'certificate.unusual_key': 'WARNING',
  'certificate.weak_signature': 'ERROR',
  'answer.here': 'OK',
  'answer.elsewhere': 'ERROR',
  'answer.gateway': 'ERROR',
  'answer.redirected': 'ERROR',
  'answer.none': 'ERROR',
  'clock.agrees': 'OK',
  'clock.database': 'WARNING',
  'clock.answer': 'WARNING',
  'files.unusable': 'WARNING',
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof findingSeverities;
type Params = Record<string, string | number>;

/** One thing that a check found; days are UTC, YYYY-MM-DD. */
export type Finding = { code: FindingCode; params: Params };

export const finding = (code: FindingCode, params: Params = {}): Finding => ({ code, params });

export const severityOf = ({ code }: Finding): Severity => findingSeverities[code];

const rank = (one: Finding) => severities.indexOf(severityOf(one));

/** The gravest first; of equal ones the order of the check stays. */
export const gravestFirst = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => rank(b) - rank(a));

const ends: readonly FindingCode[] = ['certificate.expires_soon', 'certificate.expires_this_week'];

/** Whether somebody has to act: it fails, or it soon will. */
export const isTrouble = (one: Finding): boolean =>
  severityOf(one) === 'ERROR' || ends.includes(one.code) || one.code === 'files.unusable';

/** Whether a stored finding is one that this version knows. */
export const isKnown = ({ code }: { code: string }): boolean => Object.hasOwn(findingSeverities, code);
