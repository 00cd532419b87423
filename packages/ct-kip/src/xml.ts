import { SaxesParser, type SaxesTagNS } from 'saxes';
import { CtKipError, type CtKipErrorCode } from './errors.ts';

/** What a document may hold at most; attributes are counted per element. */
export type XmlLimits = { bytes: number; depth: number; elements: number; attributes: number };

/** For messages. Real ones: 4 KiB, 8 levels, 20 elements, 6 attributes. */
export const xmlLimits: XmlLimits = { bytes: 64 * 1024, depth: 16, elements: 256, attributes: 24 };

/** One element, by what it means: prefixes are gone, comments too. */
export type XmlElement = {
  /** Local name. */
  name: string;
  /** Namespace, or `''` for none. */
  namespace: string;
  /** Attributes without a namespace under their names, others as `{namespace}name`; no xmlns declarations. */
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** The element's own characters joined, white space untouched; CDATA counts. */
  text: string;
  /** One-based line on which its start tag ends. */
  line: number;
};

const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

function decode(source: Uint8Array | string, limits: XmlLimits): string {
  const size = typeof source === 'string' ? Buffer.byteLength(source) : source.length;
  if (size > limits.bytes) throw new CtKipError('xml-too-large', `The XML is over ${limits.bytes} bytes`);
  if (typeof source === 'string') return source;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(source);
  } catch {
    throw new CtKipError('xml-malformed', 'The XML is not UTF-8');
  }
}

function attributesOf(tag: SaxesTagNS): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const { uri, local, value, prefix } of Object.values(tag.attributes)) {
    if (uri === xmlnsNamespace || prefix === 'xmlns') continue;
    attributes.set(uri === '' ? local : `{${uri}}${local}`, value);
  }
  return attributes;
}

/**
 * Reads a small XML document of a stranger: UTF-8, namespaces resolved, within `limits`.
 * @returns its root element
 * @throws CtKipError `xml-too-large`, `xml-too-deep`, `xml-too-many-elements`, `xml-too-many-attributes`;
 *   `xml-doctype` for any DOCTYPE, so no entity can be declared; `xml-processing-instruction`; `xml-malformed` for
 *   everything else that is not XML, another encoding included
 */
export function readXml(source: Uint8Array | string, limits: XmlLimits = xmlLimits): XmlElement {
  const text = decode(source, limits);
  const parser = new SaxesParser({ xmlns: true });
  const fail = (code: CtKipErrorCode, message: string): never => {
    throw new CtKipError(code, `${message} (line ${parser.line})`, { line: parser.line });
  };
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  parser.on('error', (error) => fail('xml-malformed', `Not well-formed XML: ${error.message}`));
  parser.on('doctype', () => fail('xml-doctype', 'A DOCTYPE is not accepted'));
  parser.on('processinginstruction', () =>
    fail('xml-processing-instruction', 'A processing instruction is not accepted'),
  );
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      fail('xml-malformed', 'Only UTF-8 is read');
  });
  parser.on('opentagstart', () => {
    attributes = 0;
    if (++elements > limits.elements) fail('xml-too-many-elements', 'Too many elements');
    if (open.length >= limits.depth) fail('xml-too-deep', 'Too many levels');
  });
  parser.on('attribute', () => {
    if (++attributes > limits.attributes) fail('xml-too-many-attributes', 'Too many attributes');
  });
  parser.on('opentag', (tag) => {
    const { local: name, uri: namespace } = tag;
    const { line } = parser;
    const element: XmlElement = {
      name,
      namespace,
      attributes: attributesOf(tag),
      children: [],
      text: '',
      line,
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const addText = (characters: string): void => {
    const element = open.at(-1);
    if (element) element.text += characters;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof CtKipError) throw error;
    return fail('xml-malformed', 'Not well-formed XML');
  }
  return root ?? fail('xml-malformed', 'No XML element');
}
