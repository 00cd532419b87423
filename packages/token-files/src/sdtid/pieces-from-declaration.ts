import { TokenFileError } from '../errors.ts';
import { readXmlPieces, type XmlElement } from '../xml-stream.ts';

/** As far as text before the XML declaration is looked through. */
const LOOK_THROUGH = 64 * 1024;
const DECLARATION = '<?xml ';

/**
 * `readXmlPieces` for a file with text before its XML declaration, a mail say, as stoken takes it. Lines count from where
 * the file begins.
 * @throws TokenFileError as `readXmlPieces`
 */
export async function* piecesFromDeclaration(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<XmlElement> {
  const skipped = { lines: 0 };
  try {
    for await (const piece of readXmlPieces(withoutPreamble(chunks, skipped))) {
      piece.line += skipped.lines;
      yield piece;
    }
  } catch (error) {
    if (!(error instanceof TokenFileError) || error.line === undefined) throw error;
    throw new TokenFileError(error.code, error.message, error.line + skipped.lines);
  }
}

async function* withoutPreamble(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  skipped: { lines: number },
): AsyncGenerator<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (!head) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const at = startOfXml(head);
    if (at === undefined) continue;
    skipped.lines = lineBreaks(head.subarray(0, at));
    yield head.subarray(at);
    head = undefined;
  }
  if (head) yield head;
}

/** Where the XML begins; undefined as long as more has to be seen. */
function startOfXml(head: Buffer): number | undefined {
  // Latin-1 keeps an octet a character, and what is looked for is ASCII.
  const text = head.subarray(0, LOOK_THROUGH).toString('latin1');
  const first = /^(?:\u00ef\u00bb\u00bf)?\s*/.exec(text)![0].length;
  // What begins with a tag is XML from there: a declaration further on would be text in it.
  if (text[first] === '<') {
    if (text.startsWith(DECLARATION, first)) return first;
    if (first + DECLARATION.length <= text.length) return 0;
  }
  const at = text[first] === '<' ? -1 : text.indexOf(DECLARATION);
  if (at !== -1) return at;
  return head.length >= LOOK_THROUGH ? 0 : undefined;
}

function lineBreaks(octets: Buffer): number {
  let lines = 0;
  for (let at = octets.indexOf(10); at !== -1; at = octets.indexOf(10, at + 1)) lines += 1;
  return lines;
}
