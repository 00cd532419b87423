import { TokenFileError } from '../errors.ts';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Parsers turn them into spaces or line feeds unless they are written so.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

// XML 1.0 has no way to write them.
const impossible = /[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]/u;

/**
 * Text for an XML element or attribute.
 * @throws TokenFileError `invalid-argument` for characters that XML cannot hold
 */
export function xmlEscape(text: string): string {
  if (impossible.test(text) || !text.isWellFormed())
    throw new TokenFileError('invalid-argument', 'A name or serial number holds a character that XML cannot');
  return text.replace(/[&<>"\t\n\r]/g, (character) => entities[character] ?? character);
}
