import forge from 'node-forge';

/** PEM; the key belongs to the certificate. */
export type Signing = { certificate: string; key: string };

/** Headers that describe the body travel inside; all others stay outside, where mail servers read them. */
const isOfBody = (line: string): boolean => /^(content-|mime-version:)/i.test(line);

type Parts = { outer: string[]; inner: string[]; body: string };

/**
 * Signs a message (RFC 8551 §3.5.3, multipart/signed with a detached signature, SHA-256).
 * @param raw a whole message, headers and body
 */
export function signMime(raw: Buffer, signing: Signing): Buffer {
  const { outer, inner, body } = split(raw);
  const content = [...inner, '', body].join('\r\n');
  const signed = forge.pkcs7.createSignedData();
  signed.content = forge.util.createBuffer(content);
  const certificate = forge.pki.certificateFromPem(signing.certificate);
  signed.addCertificate(certificate);
  signed.addSigner({
    key: signing.key,
    certificate,
    digestAlgorithm: forge.pki.oids['sha256']!,
    authenticatedAttributes: [
      { type: forge.pki.oids['contentType']!, value: forge.pki.oids['data']! },
      { type: forge.pki.oids['messageDigest']! },
    ],
  });
  signed.sign({ detached: true });
  const signature = derOf(signed.toAsn1());
  const boundary = `signed-${forge.md.sha256.create().update(signature).digest().toHex().slice(0, 32)}`;
  return joined([
    ...outer,
    'MIME-Version: 1.0',
    `Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg="sha-256"; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    content,
    `--${boundary}`,
    'Content-Type: application/pkcs7-signature; name="smime.p7s"',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="smime.p7s"',
    '',
    folded(signature),
    `--${boundary}--`,
    '',
  ]);
}

/** Encrypts a message for the holder of an RSA certificate (RFC 8551 §3.3, AES-256-CBC). */
export function encryptMime(raw: Buffer, recipientCertificate: string): Buffer {
  const { outer, inner, body } = split(raw);
  const enveloped = forge.pkcs7.createEnvelopedData();
  enveloped.addRecipient(forge.pki.certificateFromPem(recipientCertificate));
  enveloped.content = forge.util.createBuffer([...inner, '', body].join('\r\n'));
  // The second parameter is missing in the types.
  (enveloped.encrypt as (key: undefined, cipher: string) => void)(undefined, forge.pki.oids['aes256-CBC']!);
  return joined([
    ...outer,
    'MIME-Version: 1.0',
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="smime.p7m"',
    '',
    folded(derOf(enveloped.toAsn1())),
    '',
  ]);
}

/** @throws Error with a sentence for what is no usable RSA certificate */
export function readMailCertificate(pem: string): { subject: string; expiresAt: Date } {
  try {
    const { subject, validity } = forge.pki.certificateFromPem(pem);
    return {
      subject: subject.attributes.map(({ shortName, value }) => `${shortName}=${String(value)}`).join(', '),
      expiresAt: validity.notAfter,
    };
  } catch {
    throw new Error('This is no RSA certificate in PEM form.');
  }
}

/** Octets as characters 0 to 255, the way node-forge takes them; lines end in CRLF, as the signature covers them. */
function split(raw: Buffer): Parts {
  const text = raw.toString('latin1').replace(/\r?\n/g, '\r\n');
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end).split(/\r\n(?![ \t])/);
  return {
    outer: headers.filter((line) => !isOfBody(line)),
    inner: headers.filter((line) => isOfBody(line) && !/^mime-version:/i.test(line)),
    body: text.slice(end + 4),
  };
}

const derOf = (asn1: forge.asn1.Asn1): string => forge.asn1.toDer(asn1).getBytes();
const folded = (der: string): string => forge.util.encode64(der, 76);
const joined = (lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
