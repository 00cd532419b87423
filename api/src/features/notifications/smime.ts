import { X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { joinMail, readHeader, splitMail, toCrlf } from './mime-parts.ts';

/** PEM; the certificate may be followed by those that lead to its root. */
export type MailSigning = { certificate: string; key: string };

const MIN_BITS = 2048;

/**
 * Reads a certificate for S/MIME.
 * @throws Error with a sentence for what is no certificate with an RSA key of 2048 bits or more
 */
export function readMailCertificate(pem: string): { subject: string; expiresAt: Date } {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw new Error('This is no certificate in PEM form (-----BEGIN CERTIFICATE-----).');
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'rsa') {
    throw new Error('Mail needs a certificate with an RSA key, and this one has another kind.');
  }
  if ((asymmetricKeyDetails?.modulusLength ?? 0) < MIN_BITS) {
    throw new Error(`The RSA key of this certificate is shorter than ${MIN_BITS} bits.`);
  }
  firstCertificate(pem);
  const subject = certificate.subject?.split('\n').join(', ') ?? '';
  return { subject, expiresAt: certificate.validToDate };
}

/**
 * Signs a mail: multipart/signed with a detached CMS signature, RSA and SHA-256. What describes the body goes inside,
 * all other headers stay outside.
 * @throws Error with a sentence when certificate and key are not usable or do not belong together
 */
export function signMime(raw: Buffer, signing: MailSigning): Buffer {
  const { chain, key } = readSigning(signing);
  const { outer, inner } = splitMail(raw);
  const signed = forge.pkcs7.createSignedData();
  signed.content = forge.util.createBuffer(inner.toString('binary'));
  for (const certificate of chain) signed.addCertificate(certificate);
  const { contentType, messageDigest, signingTime, data, sha256 } = forge.pki.oids;
  signed.addSigner({
    key,
    certificate: chain[0]!,
    digestAlgorithm: sha256!,
    authenticatedAttributes: [
      { type: contentType!, value: data! },
      { type: messageDigest! },
      ...signedAt(outer).map((value) => ({ type: signingTime!, value })),
    ],
  });
  signed.sign({ detached: true });
  const boundary = `=_symbolon_${forge.util.bytesToHex(forge.random.getBytesSync(16))}`;
  const body = Buffer.concat([
    Buffer.from(`This mail is signed.\r\n--${boundary}\r\n`),
    inner,
    Buffer.from(
      `\r\n--${boundary}\r\n` +
        'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n' +
        'Content-Transfer-Encoding: base64\r\n' +
        'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n' +
        `${base64(named(signed.toAsn1(), 'signer', signing.certificate))}\r\n--${boundary}--\r\n`,
    ),
  ]);
  return joinMail(
    outer,
    [
      'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256;\r\n' +
        ` boundary="${boundary}"`,
    ],
    body,
  );
}

/**
 * Encrypts a mail for one recipient: CMS enveloped data, AES-256-CBC, the key by RSA. What describes the body goes
 * inside, all other headers, the subject too, stay outside.
 * @throws Error with a sentence for a certificate that is not usable
 */
export function encryptMime(raw: Buffer, recipientCertificate: string): Buffer {
  readMailCertificate(recipientCertificate);
  const { outer, inner } = splitMail(raw);
  const enveloped = forge.pkcs7.createEnvelopedData();
  enveloped.addRecipient(firstCertificate(recipientCertificate));
  enveloped.content = forge.util.createBuffer(inner.toString('binary'));
  enveloped.encrypt(undefined, forge.pki.oids['aes256-CBC']);
  return joinMail(
    outer,
    [
      'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="smime.p7m"',
    ],
    Buffer.from(`${base64(named(enveloped.toAsn1(), 'recipient', recipientCertificate))}\r\n`),
  );
}

/** @throws Error with a sentence when certificate and key are not usable or do not belong together */
export function readSigning({ certificate, key }: MailSigning): {
  chain: forge.pki.Certificate[];
  key: forge.pki.rsa.PrivateKey;
} {
  readMailCertificate(certificate);
  let privateKey: forge.pki.rsa.PrivateKey;
  try {
    privateKey = forge.pki.privateKeyFromPem(key);
  } catch {
    throw new Error('The key for signing mail is no RSA key in PEM form without a pass phrase.');
  }
  const chain = certificatesIn(certificate).map((pem) => forge.pki.certificateFromPem(pem));
  const publicKey = chain[0]!.publicKey as forge.pki.rsa.PublicKey;
  if (!publicKey.n.equals(privateKey.n)) {
    throw new Error('The key for signing mail does not belong to the certificate.');
  }
  return { chain, key: privateKey };
}

const certificatesIn = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];

function firstCertificate(pem: string): forge.pki.Certificate {
  try {
    return forge.pki.certificateFromPem(certificatesIn(pem)[0]!);
  } catch {
    throw new Error('This certificate cannot be used for mail.');
  }
}

/**
 * Names the one signer or recipient exactly as the certificate does. Forge writes names anew, and those with letters
 * beyond ASCII come out differently, so that nobody finds the certificate or key that is meant.
 */
function named(message: forge.asn1.Asn1, who: 'signer' | 'recipient', pem: string): forge.asn1.Asn1 {
  const certificate = forge.asn1.fromDer(forge.pem.decode(certificatesIn(pem)[0]!)[0]!.body);
  const fields = partsOf(partsOf(certificate)[0]!);
  // A version comes first, in all but the oldest certificates.
  const [serial, , issuer] =
    fields[0]!.tagClass === forge.asn1.Class.CONTEXT_SPECIFIC ? fields.slice(1) : fields;
  const content = partsOf(partsOf(partsOf(message)[1]!)[0]!);
  const infos = who === 'signer' ? content.at(-1)! : content[1]!;
  partsOf(infos)[0]!.value = partsOf(partsOf(infos)[0]!).map((part, index) =>
    index === 1 ? { ...part, value: [issuer!, serial!] } : part,
  );
  return message;
}

const partsOf = ({ value }: forge.asn1.Asn1): forge.asn1.Asn1[] => value as forge.asn1.Asn1[];

/** The mail's own date: whoever reads the mail sees no other time at the signature. */
function signedAt(outer: string[]): string[] {
  const at = new Date(readHeader(outer, 'date') ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? [] : [at.toISOString()];
}

const base64 = (asn1: forge.asn1.Asn1): string =>
  toCrlf(Buffer.from(forge.util.encode64(forge.asn1.toDer(asn1).getBytes(), 64).trimEnd())).toString();
