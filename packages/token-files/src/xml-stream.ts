import { SaxesParser, type SaxesTagNS } from 'saxes';
import { TokenFileError, type TokenFileErrorCode } from './errors.ts';

/** One element, by what it means: prefixes are gone, comments too. */
export type XmlElement = {
  /** Local name. */
  name: string;
  /** Namespace, or `''` for none. */
  namespace: string;
  /** By local name; no xmlns declarations. */
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** The element's own characters joined, entities resolved, white space untouched; CDATA counts. */
  text: string;
  /** One-based line on which its start tag ends. */
  line: number;
};

/** What a file may hold: octets and pieces in all, octets of text, levels, elements and attributes in one piece. */
export type XmlLimits = {
  bytes: number;
  pieces: number;
  pieceText: number;
  depth: number;
  pieceElements: number;
  attributes: number;
};

export const xmlLimits: XmlLimits = {
  bytes: 512 * 1024 * 1024,
  pieces: 1_000_100,
  pieceText: 64 * 1024,
  depth: 16,
  pieceElements: 256,
  attributes: 24,
};

/**
 * Reads a large XML file piece by piece: each child of the root comes as a tree as soon as it is complete, and nothing else
 * is kept. The root itself comes first, without children.
 * @param chunks UTF-8, cut anywhere; a byte order mark is taken
 * @throws TokenFileError with the line: `too-large`; `doctype`; `malformed` for everything else that is not XML, another
 *   encoding included
 */
export async function* readXmlPieces(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: XmlLimits = xmlLimits,
): AsyncGenerator<XmlElement> {
  const ready: XmlElement[] = [];
  let at = 0;
  let heard = 0;
  const parser = createParser(
    limits,
    (piece) => ready.push(piece),
    () => (heard = at),
  );
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const write = (text: string): void => {
    try {
      parser.write(text);
    } catch (error) {
      throw error instanceof TokenFileError ? error : new TokenFileError('malformed', 'Not well-formed XML');
    }
  };
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new TokenFileError('malformed', 'The XML is not UTF-8', parser.line);
    }
  };
  for await (const chunk of chunks) {
    if (at + chunk.length > limits.bytes)
      throw new TokenFileError('too-large', `The file is over ${limits.bytes} bytes`);
    // In slices: what a chunk completes is held until it is taken.
    for (let from = 0; from < chunk.length; from += SLICE) {
      const slice = chunk.subarray(from, from + SLICE);
      at += slice.length;
      write(decode(slice));
      yield* ready.splice(0);
      // The parser holds what has no end yet: text, a comment, a value.
      if (at - heard > limits.pieceText + SLICE)
        throw new TokenFileError('too-large', 'Too much XML between two tags', parser.line);
    }
  }
  write(decode());
  try {
    parser.close();
  } catch (error) {
    throw error instanceof TokenFileError ? error : new TokenFileError('malformed', 'The XML ends too early');
  }
  yield* ready.splice(0);
}

const SLICE = 64 * 1024;

function createParser(
  limits: XmlLimits,
  take: (piece: XmlElement) => void,
  hear: () => void,
): SaxesParser<{ xmlns: true }> {
  const parser = new SaxesParser({ xmlns: true });
  const fail = (code: TokenFileErrorCode, message: string): never => {
    throw new TokenFileError(code, message, parser.line);
  };
  const open: XmlElement[] = [];
  const within = { pieces: 0, elements: 0, attributes: 0, text: 0 };
  const count = (what: keyof typeof within, most: number, much = 1): void => {
    within[what] += much;
    if (within[what] > most) fail('too-large', `Too much XML: more than ${most} ${what}`);
  };
  parser.on('error', ({ message }) => {
    // Its own place, which the error names already.
    const what = message.replace(/^\d+:\d+: |\.$/g, '').slice(0, 120);
    fail('malformed', `Not well-formed XML: ${what}. A part may be missing: get the file again`);
  });
  parser.on('doctype', () => fail('doctype', 'A DOCTYPE is not accepted'));
  parser.on('processinginstruction', () => fail('malformed', 'A processing instruction is not accepted'));
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      fail('malformed', 'Only UTF-8 is read');
  });
  parser.on('opentagstart', () => {
    within.attributes = 0;
    if (open.length >= limits.depth) fail('too-large', `More than ${limits.depth} levels`);
    count('elements', limits.pieceElements);
  });
  parser.on('attribute', ({ value }) => {
    count('attributes', limits.attributes);
    count('text', limits.pieceText, value.length);
  });
  parser.on('opentag', (tag) => {
    hear();
    const element = elementOf(tag, parser.line);
    if (open.length > 1) open.at(-1)!.children.push(element);
    open.push(element);
    if (open.length === 1) take(element);
  });
  parser.on('closetag', () => {
    hear();
    const closed = open.pop()!;
    if (open.length !== 1) return;
    count('pieces', limits.pieces);
    within.elements = 0;
    within.text = 0;
    take(closed);
  });
  const addText = (characters: string): void => {
    const element = open.at(-1);
    // Between the pieces there is white space only, and as much as anybody likes.
    if (!element || open.length === 1) return;
    count('text', limits.pieceText, characters.length);
    element.text += characters;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  return parser;
}

function elementOf(tag: SaxesTagNS, line: number): XmlElement {
  const attributes = new Map<string, string>();
  for (const { prefix, local, value, uri } of Object.values(tag.attributes)) {
    if (prefix === 'xmlns' || uri === 'http://www.w3.org/2000/xmlns/') continue;
    attributes.set(local, value);
  }
  return { name: tag.local, namespace: tag.uri, attributes, children: [], text: '', line };
}

/** The first child of that local name. */
export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((one) => one.name === name);
