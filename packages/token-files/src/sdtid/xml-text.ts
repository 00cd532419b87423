import type { Section } from './flatten.ts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // Written as it is, a reader would make a line feed of it, and the MAC would be wrong.
  '\r': '&#13;',
};

/** What XML 1.0 cannot hold, lone surrogates aside. */
// oxlint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** The text with U+FFFD for each character that no XML file can hold. */
export const writable = (text: string): string => text.toWellFormed().replace(UNWRITABLE, '\ufffd');

/** The section as XML with its end of line, indented as stoken does. Texts are `writable` and stand as they are. */
export function sectionXml({ name, text, children }: Section, indent = '  '): string {
  if (children.length === 0)
    return `${indent}<${name}>${text.replace(/[&<>"'\r]/g, (one) => ESCAPES[one]!)}</${name}>\n`;
  const inner = children.map((one) => sectionXml(one, `${indent}  `)).join('');
  return `${indent}<${name}>\n${inner}${indent}</${name}>\n`;
}
