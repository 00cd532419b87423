/** Every line break as CRLF: what is signed is signed in this form, whatever it was written with. */
export const toCrlf = (octets: Buffer): Buffer =>
  Buffer.from(octets.toString('binary').replace(/\r\n|\r|\n/g, '\r\n'), 'binary');

/**
 * Takes a mail apart for S/MIME: `inner` is the body with the headers that describe it, `outer` all other headers,
 * each with its continuation lines.
 */
export function splitMail(raw: Buffer): { outer: string[]; inner: Buffer } {
  const mail = toCrlf(raw).toString('binary');
  const end = mail.startsWith('\r\n') ? 0 : mail.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('The mail has no body.');
  const headers = mail
    .slice(0, end)
    .split(/\r\n(?![ \t])/)
    .filter((line) => line !== '');
  const isOfBody = (line: string) => /^content-/i.test(line);
  const body = mail.slice(end === 0 ? 2 : end + 4);
  const inside = headers.filter(isOfBody);
  if (inside.length === 0) inside.push('Content-Type: text/plain; charset=us-ascii');
  return {
    outer: headers.filter((line) => !isOfBody(line)),
    inner: Buffer.from(`${inside.join('\r\n')}\r\n\r\n${body}`, 'binary'),
  };
}

/** A mail of headers, the headers that describe the new body, and that body. */
export function joinMail(outer: string[], ofBody: string[], body: Buffer): Buffer {
  const version = readHeader(outer, 'mime-version') === undefined ? ['MIME-Version: 1.0'] : [];
  const headers = [...outer, ...version, ...ofBody].join('\r\n');
  return Buffer.concat([Buffer.from(`${headers}\r\n\r\n`, 'binary'), body]);
}

/** The first header of this name (in lower case), unfolded. */
export function readHeader(headers: string[], name: string): string | undefined {
  const line = headers.find((header) => header.slice(0, header.indexOf(':')).trim().toLowerCase() === name);
  return line
    ?.slice(line.indexOf(':') + 1)
    .replace(/\r\n/g, '')
    .trim();
}
