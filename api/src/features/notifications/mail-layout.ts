import type { MailVariable } from './mail-events.ts';
import type { Piece } from './mail-template-pieces.ts';

/** The variables of a mail that have a value, by name; values are one line without control characters. */
export type FilledVariables = ReadonlyMap<string, MailVariable & { value: string }>;

/** The plain form: paragraphs with a blank line between them. */
export const textPage = (paragraphs: Piece[][], filled: FilledVariables): string =>
  `${paragraphs.map((paragraph) => paragraph.map((piece) => textOf(piece, filled)).join('')).join('\n\n')}\n`;

// Text and links take the reader's own colours, so that they are legible on whatever ground a mail program puts them.
const BODY =
  'margin:0;padding:24px 16px;font:16px/1.5 Inter,system-ui,-apple-system,Segoe UI,Roboto,sans-serif';
const CARD = 'max-width:36em;margin:0 auto;border-top:3px solid #1c7c7d;padding-top:16px';
const WORDS = 'margin:0 0 16px;overflow-wrap:anywhere';
const LINK = 'color:inherit;font-weight:600;text-decoration:underline;overflow-wrap:anywhere';

/** The HTML form: the same paragraphs, addresses as links, nothing that would be fetched from elsewhere. */
export function htmlPage(
  paragraphs: Piece[][],
  filled: FilledVariables,
  { subject, product }: { subject: string; product: string },
): string {
  const words = paragraphs.map(
    (paragraph) => `<p style="${WORDS}">${paragraph.map((piece) => htmlOf(piece, filled)).join('')}</p>`,
  );
  const heading = product ? [`<p style="${WORDS};font-weight:600">${escapeHtml(product)}</p>`] : [];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(subject)}</title></head>`,
    `<body style="${BODY}"><div style="${CARD}">`,
    ...heading,
    ...words,
    '</div></body></html>',
    '',
  ].join('\n');
}

const textOf = (piece: Piece, filled: FilledVariables): string =>
  'text' in piece ? withoutControls(piece.text) : (filled.get(piece.variable)?.value ?? '');

function htmlOf(piece: Piece, filled: FilledVariables): string {
  if ('text' in piece) return escapeHtml(withoutControls(piece.text)).replaceAll('\n', '<br>\n');
  const variable = filled.get(piece.variable);
  if (!variable) return '';
  const shown = escapeHtml(variable.value);
  return variable.kind === 'url' && isWebAddress(variable.value)
    ? `<a href="${shown}" style="${LINK}">${shown}</a>`
    : shown;
}

const isWebAddress = (value: string): boolean =>
  /^https?:\/\/[^\s<>"'`\\]+$/i.test(value) && URL.canParse(value);

const withoutControls = (text: string): string => text.toWellFormed().replace(/[^\P{Cc}\n\t]/gu, '');

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"'`]/g, (character) => entities[character]!);
