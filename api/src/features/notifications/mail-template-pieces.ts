import mustache from 'mustache';

/** A stretch of a template: text as it was written, or the place of a variable. */
export type Piece = { text: string } | { variable: string };

const ONLY_VARIABLES =
  'Only variables like {{givenName}} are possible here: no {{#…}}, {{^…}}, {{>…}}, {{&…}}, {{{…}}}.';

/**
 * Takes a line or paragraph apart as mustache reads it. Values are put in afterwards, so they are never read as a
 * template.
 * @throws Error with a sentence for whatever is neither text nor a plain variable
 */
export function readPieces(template: string): Piece[] {
  const writer = new mustache.Writer();
  let tokens: [type: string, value: string][];
  try {
    tokens = writer.parse(template);
  } catch (error) {
    throw new Error(
      (error as Error).message.startsWith('Unclosed tag') ? 'A {{ has no }} after it.' : ONLY_VARIABLES,
    );
  }
  return tokens.map(([type, value]) => {
    if (type === 'text') return { text: value };
    if (type === 'name') return { variable: value };
    throw new Error(ONLY_VARIABLES);
  });
}

/**
 * Takes a template apart; a blank line begins a paragraph.
 * @throws Error as `readPieces`
 */
export function readTemplate(template: { subject: string; body: string }): {
  subject: Piece[];
  paragraphs: Piece[][];
} {
  const paragraphs = template.body
    .replace(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  return { subject: readPieces(template.subject), paragraphs: paragraphs.map(readPieces) };
}
