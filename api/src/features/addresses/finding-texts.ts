import type { Finding, FindingCode } from './finding.ts';

/** What was found, and what to do about it; `{name}` stands for a parameter. */
type Text = { message: string; advice?: string };

const texts: Record<FindingCode, Text> = {
  'name.resolves': { message: '{host} is known by name: {addresses}.' },
  'name.unknown': {
    message: 'The name {host} is not known to this machine’s name server ({reason}).',
    advice: 'Add the name to DNS, or set SYMBOLON_PUBLIC_URL to the right one.',
  },
  'reach.public': { message: 'The address lies in the public internet.' },
  'reach.private': {
    message: '{addresses} is an address of an internal network: phones outside it cannot reach it.',
    advice: 'Use an address of the internet, or let phones into this network by VPN.',
  },
  'reach.inside': {
    message: '{addresses} is an address of an internal network: consoles open from there only.',
  },
  'reach.loopback': {
    message: 'This address means this machine only, so phones cannot reach it.',
    advice: 'Set SYMBOLON_PUBLIC_URL to an address that phones reach.',
  },
  'reach.this_machine': { message: 'Consoles open on this machine only.' },
  'scheme.plain': {
    message: 'The address is plain http: whoever listens on the way reads passwords and activation codes.',
    advice: 'Set TLS_CERT_FILE and TLS_KEY_FILE or put a proxy with TLS in front, then use an https address.',
  },
  'scheme.plain_loopback': { message: 'Plain http, which never leaves this machine.' },
  'connection.refused': {
    message: 'Nothing listens at {host}, port {port}.',
    advice: 'Start what should answer there, or correct the port in the address.',
  },
  'connection.timeout': {
    message: '{host}, port {port} did not answer within {seconds} seconds.',
    advice:
      'Look at firewalls and at the proxy. Some networks do not let a server reach its own public address: then try it from a phone.',
  },
  'connection.failed': {
    message: '{host}, port {port} cannot be reached ({reason}).',
    advice: 'Look at the route, at firewalls and at the proxy.',
  },
  'tls.modern': { message: '{protocol} with forward secrecy is offered.' },
  'tls.none': {
    message: 'What answers at {host}, port {port} does not speak TLS that can be used ({reason}).',
    advice: 'Let a server with TLS listen there, or correct the port in the address.',
  },
  'tls.silent': {
    message: '{host}, port {port} takes connections, but said nothing within {seconds} seconds.',
    advice: 'Look at the server or proxy that listens there.',
  },
  'tls.too_old': {
    message: 'Only {protocol} is offered; phones need TLS 1.2 or newer.',
    advice: 'Allow TLS 1.2 and 1.3 in the proxy.',
  },
  'tls.no_forward_secrecy': {
    message: 'No cipher with forward secrecy is offered ({cipher}); iOS refuses that.',
    advice: 'Allow ECDHE ciphers in the proxy, or TLS 1.3.',
  },
  'tls.old_accepted': {
    message: '{protocol} is still accepted.',
    advice: 'Switch off TLS 1.0 and 1.1 in the proxy: no phone that can hold a token needs them.',
  },
  'certificate.trusted': { message: 'The certificate leads to an authority that phones know: {issuer}.' },
  'certificate.own_authority': {
    message: 'The certificate leads to {issuer}, which this machine trusts but phones by themselves do not.',
    advice: 'Install that authority on the phones, or use a certificate of a public authority.',
  },
  'certificate.self_signed': {
    message: 'The certificate signs itself, so phones do not trust it.',
    advice: 'Use a certificate of a public authority, such as Let’s Encrypt.',
  },
  'certificate.unknown_issuer': {
    message: 'The certificate comes from {issuer}, which is no authority that phones know.',
    advice:
      'Use a certificate of a public authority. If {issuer} is your own one: install it on the phones, and name its file in NODE_EXTRA_CA_CERTS here.',
  },
  'certificate.incomplete_chain': {
    message: 'The server does not send the certificate of {issuer}, which stands between it and the root.',
    advice:
      'Put the whole chain into the file, as in certbot’s fullchain.pem: the server’s certificate first, then those between.',
  },
  'certificate.untrusted': {
    message: 'The certificate is not trusted ({reason}).',
    advice: 'Have it issued anew by a public authority.',
  },
  'certificate.name_matches': { message: 'The certificate is for {host}.' },
  'certificate.wrong_name': {
    message: 'The certificate is for {names}, and not for {host}.',
    advice: 'Have one issued for {host}, or use the address that it is for.',
  },
  'certificate.no_names': {
    message: 'The certificate names {host} only as its common name, which phones no longer look at.',
    advice: 'Have it issued anew with {host} as a subject alternative name.',
  },
  'certificate.valid': { message: 'The certificate is valid until {until}.' },
  'certificate.expired': {
    message: 'The certificate expired on {since}.',
    advice: 'Renew it. Symbolon takes a renewed file by itself; a proxy may have to be told.',
  },
  'certificate.not_yet_valid': {
    message: 'The certificate is valid only from {from}.',
    advice: 'Wait, or look whether the clocks of the server and of the authority are right.',
  },
  'certificate.expires_soon': {
    message: 'The certificate expires on {until}, in {days} days.',
    advice: 'Renew it. Symbolon takes a renewed file by itself; a proxy may have to be told.',
  },
  'certificate.expires_this_week': {
    message: 'The certificate expires on {until}: {days} days are left.',
    advice: 'Renew it now. Symbolon takes a renewed file by itself; a proxy may have to be told.',
  },
  'certificate.chain_expired': {
    message: 'The certificate of {name}, between this one and the root, expired on {since}.',
    advice: 'Take the present chain from the authority and put it into the file.',
  },
  'certificate.long_lived': {
    message: 'The certificate is valid for {days} days; iOS takes no more than {most}.',
    advice: 'Have it issued anew for a shorter time.',
  },
  'certificate.strong': { message: 'Key and signatures are strong enough: {kind} {bits}, {algorithm}.' },
  'certificate.weak_key': {
    message: 'The {kind} key of {name} has {bits} bits; phones need {least}.',
    advice: 'Have a certificate issued for a longer key.',
  },
  'certificate.unusual_key': {
    message: 'The key of {name} is of the kind {kind}, which many phones do not know.',
    advice: 'Use an RSA key of 2048 bits or an EC key of 256 bits.',
  },
  'certificate.weak_signature': {
    message: 'The certificate of {name} is signed with {algorithm}; phones need SHA-256 or better.',
    advice: 'Have it issued anew.',
  },
  'answer.here': { message: 'This installation answers at the address.' },
  'answer.elsewhere': {
    message: 'Something else answers there (status {status}), not this installation.',
    advice:
      'Let the proxy pass {path} on to Symbolon, or correct the address. With several instances: give all the same master key.',
  },
  'answer.gateway': {
    message: 'A proxy answers with status {status}: it does not reach Symbolon.',
    advice: 'Look at the address that the proxy passes requests on to.',
  },
  'answer.redirected': {
    message: 'The address leads on to {to}; phones do not follow.',
    advice: 'Use the address at the end as SYMBOLON_PUBLIC_URL, or answer without leading on.',
  },
  'answer.none': {
    message: 'No usable answer came ({reason}).',
    advice: 'Look at the server or proxy that listens there.',
  },
  'clock.agrees': { message: 'The clocks agree.' },
  'clock.database': {
    message: 'This machine’s clock is {seconds} seconds {direction} the database’s, which counts.',
    advice: 'Set both machines’ clocks by NTP: tokencodes depend on the time.',
  },
  'clock.answer': {
    message: 'What answers at the address has a clock {seconds} seconds {direction} the database’s.',
    advice: 'Set the clocks by NTP: tokencodes depend on the time.',
  },
  'files.unusable': {
    message: 'The renewed certificate’s files cannot be used, so the former one stays in service. {reason}',
    advice: 'Correct the files. They are taken within seconds, without a restart.',
  },
};

const filled = (text: string, { params }: Finding): string =>
  text.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    if (name === 'direction') return params[name] === 'ahead' ? 'ahead of' : 'behind';
    return String(params[name] ?? '');
  });

/** A finding in plain English: what is, and, unless all is well, what to do. */
export function findingText(found: Finding): { message: string; advice: string | null } {
  const { message, advice } = texts[found.code];
  return { message: filled(message, found), advice: advice ? filled(advice, found) : null };
}
