import { TokenFileError } from '../errors.ts';
import { BLOCK } from './cbc-mac.ts';

/** A part of the file that has a MAC, and each element in it. An `XmlElement` is one. */
export type Section = { name: string; text: string; children: readonly Section[] };

/** Most octets of one section's MAC input: XML whose names repeat themselves in each path would grow without end. */
const MAX_OCTETS = 256 * 1024;

type Line = { text: string; octets: number; hasValue: boolean };

/**
 * What the MAC of a TKNHeader or TKN is made over: a line for each leaf with its dotted path, and stoken's padding, which
 * does not align anything and still decides the MAC (`reference/token-formats.md` §1.3). Elements named …MAC are left out.
 * @throws TokenFileError `too-large`
 */
export function flatten(section: Section): Buffer {
  const lines: Line[] = [];
  collectLines(section, section.name, lines, { octets: 0 });
  const flat = Buffer.alloc(lines.reduce((sum, { octets }) => sum + octets + BLOCK, 0));
  let end = 0;
  let padding = 0;
  for (const { text, octets, hasValue } of lines) {
    if (hasValue && octets + padding <= BLOCK) end -= end % BLOCK;
    end += flat.write(text, end);
    // A shortened end leaves octets behind that are no zeros.
    flat.fill(0, end, end + padding);
    end += padding;
    padding = end % BLOCK || BLOCK;
  }
  return flat.subarray(0, end);
}

function collectLines(element: Section, prefix: string, lines: Line[], total: { octets: number }): void {
  for (const { name, text, children } of element.children) {
    if (name.length > 3 && name.endsWith('MAC')) continue;
    const path = `${prefix}.${name}`;
    if (children.length > 0) {
      collectLines({ name, text, children }, path, lines, total);
      continue;
    }
    const value = text === '' ? `</${name}>` : text;
    const length = path.length + value.length;
    if (length <= MAX_OCTETS) {
      const line = `${path} ${value}\n`;
      const octets = Buffer.byteLength(line);
      lines.push({ text: line, octets, hasValue: text !== '' });
      total.octets += octets;
    }
    if (length > MAX_OCTETS || total.octets > MAX_OCTETS)
      throw new TokenFileError('too-large', `More than ${MAX_OCTETS} bytes in one ${prefix.slice(0, 40)}`);
  }
}
