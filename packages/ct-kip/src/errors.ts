/**
 * What can go wrong in this package. Every function throws a `CtKipError` with one of these or returns; nothing
 * else leaves it, whatever the input.
 *
 * - `xml-*`: the text is not XML that this package reads (too large, too deep, DOCTYPE, not well-formed …).
 * - `envelope-malformed`: XML, but not the SOAP envelope that was expected.
 * - `message-malformed`: the CT-KIP message inside cannot be read.
 * - `unknown-request`: well-formed, but no message that this side answers.
 * - `refused`: the server said no; `fault` or `status` holds its words. Client only.
 * - `version-unsupported`, `algorithm-not-offered`, `key-too-weak`, `key-unexpected`, `unknown-critical-extension`,
 *   `session-mismatch`, `auth-data-mismatch`, `mac-mismatch`, `token-mismatch`: the server's answer failed a check. Client only.
 * - `invalid-argument`: the caller passed something that no run of the protocol can use.
 */
export type CtKipErrorCode =
  | 'xml-too-large'
  | 'xml-too-deep'
  | 'xml-too-many-elements'
  | 'xml-too-many-attributes'
  | 'xml-doctype'
  | 'xml-processing-instruction'
  | 'xml-malformed'
  | 'envelope-malformed'
  | 'message-malformed'
  | 'unknown-request'
  | 'refused'
  | 'version-unsupported'
  | 'algorithm-not-offered'
  | 'key-too-weak'
  | 'key-unexpected'
  | 'unknown-critical-extension'
  | 'session-mismatch'
  | 'auth-data-mismatch'
  | 'mac-mismatch'
  | 'token-mismatch'
  | 'invalid-argument';

/** What an error knows beyond its code; every field only where it applies. */
export type CtKipErrorDetail = {
  /** One-based line of the XML text in which the trouble was seen. */
  line?: number;
  /** The faultstring of a SOAP fault, as the server wrote it. Text of a stranger: show it as text. */
  fault?: string;
  /** The CT-KIP status (RFC 4758 section 3.7.5) with which the server ended the run. */
  status?: string;
};

/** The one error of the protocol parts. Messages name what was wrong and never hold a secret. */
export class CtKipError extends Error {
  override readonly name = 'CtKipError';
  readonly code: CtKipErrorCode;
  readonly line: number | undefined;
  readonly fault: string | undefined;
  readonly status: string | undefined;

  constructor(code: CtKipErrorCode, message: string, detail: CtKipErrorDetail = {}) {
    super(message);
    this.code = code;
    this.line = detail.line;
    this.fault = detail.fault;
    this.status = detail.status;
  }
}
