const references: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Characters as XML element content. Drops what XML 1.0 section 2.2 cannot carry, lone surrogates included. */
export function escapeText(text: string): string {
  return legal(text).replace(/[&<>\r]/g, (character) => references[character] ?? '');
}

/** Characters as the inside of a double-quoted attribute value; drops what XML 1.0 cannot carry. */
export function escapeAttribute(text: string): string {
  return legal(text).replace(/[&<>"\t\n\r]/g, (character) => references[character] ?? '');
}

function legal(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
}
