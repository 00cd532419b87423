import { isTokenHeader } from './csv/csv-columns.ts';

/** The formats of token files, as people call them. */
export const fileFormats = {
  sdtid: 'SecurID token file (SDTID)',
  pskc: 'PSKC (RFC 6030)',
  ctf: 'Compressed token format (CTF)',
  otpauth: 'otpauth links',
  csv: 'CSV',
} as const;

export type FileFormat = keyof typeof fileFormats;

/** Octets from the beginning of a file that `sniff` looks at. */
export const SNIFFED = 64 * 1024;

/**
 * Tells the format of a token file by its content, not by its name. A file that is told may still be broken: its reader
 * says so. Never throws.
 * @param head the beginning of the file; what is over SNIFFED octets is not looked at
 * @returns undefined for what is none of them: ZIP, PDF, HTML, pictures, other XML and text
 */
export function sniff(head: Uint8Array): FileFormat | undefined {
  const octets = head.subarray(0, SNIFFED);
  // Text has no zero octets, but UTF-16, which no reader takes, and programs have.
  if (octets.includes(0)) return undefined;
  const text = new TextDecoder('utf-8').decode(octets).trimStart();
  if (text.startsWith('%PDF-') || isZip(octets)) return undefined;
  if (text.startsWith('<')) return ofRoot(rootName(text));
  // Mails: the reader of SDTID takes text in front, too.
  const xml = text.indexOf('<?xml ');
  if (xml !== -1 && ofRoot(rootName(text.slice(xml))) === 'sdtid') return 'sdtid';
  const firstLine = text.split(/[\r\n]+/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  if (/^\s*otpauth:\/\//i.test(firstLine)) return 'otpauth';
  if (isTokenHeader(firstLine)) return 'csv';
  if (isDigits(firstLine) || isDigits(text.slice(0, 400)) || /ctfData(=|%3D)/i.test(text)) return 'ctf';
  return undefined;
}

const isZip = (octets: Uint8Array): boolean => octets[0] === 0x50 && octets[1] === 0x4b && octets[2]! < 9;

function ofRoot(name: string | undefined): FileFormat | undefined {
  if (name === 'TKNBatch') return 'sdtid';
  return name === 'KeyContainer' ? 'pskc' : undefined;
}

/** 81 digits, in groups or not, wrapped by a mail program or not. */
const isDigits = (text: string): boolean => /^[1-4]\d{80}(?!\d)/.test(text.replace(/[\s-]/g, ''));

/** Local name of the first element, behind declarations and comments. */
function rootName(text: string): string | undefined {
  let at = 0;
  while (/^<[?!]/.test(text.slice(at, at + 2))) {
    const close = closeOf(text, at);
    const end = text.indexOf(close, at);
    if (end === -1) return undefined;
    at = end + close.length;
    while (/\s/.test(text[at] ?? '')) at += 1;
  }
  return /^<(?:[^\s:/>]{1,80}:)?([A-Za-z]{1,40})[\s/>]/.exec(text.slice(at, at + 200))?.[1];
}

function closeOf(text: string, at: number): string {
  if (text.startsWith('<?', at)) return '?>';
  if (text.startsWith('<!--', at)) return '-->';
  // A file with a DOCTYPE is told as well, so that its reader can say why it is refused.
  const declaration = text.slice(at, text.indexOf('>', at));
  return declaration.includes('[') ? ']>' : '>';
}
