import { TokenFileError } from '../errors.ts';

/** Most octets of a text file. */
export const MAX_TEXT = 512 * 1024 * 1024;

const SLICE = 64 * 1024;

/**
 * UTF-8 text in pieces of at most 64 KiB, whatever size the chunks have; a byte order mark is taken off.
 * @throws TokenFileError `malformed` for another encoding, `too-large` for over MAX_TEXT octets
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (octets?: Uint8Array): string => {
    try {
      return octets ? decoder.decode(octets, { stream: true }) : decoder.decode();
    } catch {
      throw new TokenFileError('malformed', 'The file is not UTF-8: save it as «CSV UTF-8»');
    }
  };
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_TEXT) throw new TokenFileError('too-large', `The file is over ${MAX_TEXT} bytes`);
    for (let from = 0; from < chunk.length; from += SLICE) {
      const text = decode(chunk.subarray(from, from + SLICE));
      // A zero octet: UTF-16 without its mark, or no text at all.
      if (text.includes('\0')) throw new TokenFileError('malformed', 'The file is not text');
      if (text !== '') yield text;
    }
  }
  const rest = decode();
  if (rest !== '') yield rest;
}
