import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

const DAY_MS = 86_400_000;

/** PEM, and what another certificate needs to be issued by it. */
export type MadeCertificate = {
  certificate: string;
  key: string;
  forge: { certificate: forge.pki.Certificate; key: forge.pki.rsa.PrivateKey };
};

type Wanted = {
  /** Default: 127.0.0.1 and localhost. An empty list leaves the names out; the common name stays. */
  names?: string[];
  commonName?: string;
  /** Days from now. */
  from?: number;
  to?: number;
  bits?: number;
  digest?: 'sha1' | 'sha256';
  isAuthority?: boolean;
  /** Where the issuer's certificate is said to lie. */
  issuerAt?: string;
  /** Default: signs itself. */
  issuer?: MadeCertificate;
};

/** A real certificate with an RSA key of its own, for tests only. */
export function makeCertificate(wanted: Wanted = {}): MadeCertificate {
  const { names = ['127.0.0.1', 'localhost'], from = -1, to = 90, issuer, bits = 2048 } = wanted;
  const pair = generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(pair.privateKey);
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  made.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(15))}`;
  made.validity.notBefore = new Date(Date.now() + from * DAY_MS);
  made.validity.notAfter = new Date(Date.now() + to * DAY_MS);
  const subject = [{ name: 'commonName', value: wanted.commonName ?? names[0] ?? 'localhost' }];
  made.setSubject(subject);
  made.setIssuer(issuer ? issuer.forge.certificate.subject.attributes : subject);
  made.setExtensions(extensionsOf(wanted, names));
  const digest = wanted.digest === 'sha1' ? forge.md.sha1.create() : forge.md.sha256.create();
  made.sign(issuer?.forge.key ?? key, digest);
  return {
    certificate: forge.pki.certificateToPem(made).replaceAll('\r', ''),
    key: pair.privateKey,
    forge: { certificate: made, key },
  };
}

function extensionsOf({ isAuthority, issuerAt }: Wanted, names: string[]): object[] {
  const asked: object[] = [{ name: 'basicConstraints', cA: isAuthority === true, critical: true }];
  if (isAuthority) return [...asked, { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }];
  asked.push({ name: 'extKeyUsage', serverAuth: true });
  if (names.length > 0) {
    const altNames = names.map((name) =>
      /^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name },
    );
    asked.push({ name: 'subjectAltName', altNames });
  }
  if (issuerAt) asked.push(authorityInformation(issuerAt));
  return asked;
}

/** forge cannot write this extension by its name. */
function authorityInformation(url: string): object {
  const { asn1 } = forge;
  const { SEQUENCE, OID } = asn1.Type;
  const access = asn1.create(asn1.Class.UNIVERSAL, SEQUENCE, true, [
    asn1.create(asn1.Class.UNIVERSAL, OID, false, asn1.oidToDer('1.3.6.1.5.5.7.48.2').getBytes()),
    asn1.create(asn1.Class.CONTEXT_SPECIFIC, 6, false, url),
  ]);
  const value = asn1.toDer(asn1.create(asn1.Class.UNIVERSAL, SEQUENCE, true, [access])).getBytes();
  return { id: '1.3.6.1.5.5.7.1.1', critical: false, value };
}
