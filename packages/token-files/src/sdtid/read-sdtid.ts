import { TokenFileError } from '../errors.ts';
import { type FileRow, MAX_TOKENS, type Unlocking } from '../token-record.ts';
import type { XmlElement } from '../xml-stream.ts';
import { trimmed } from './cbc-mac.ts';
import { block, FieldFault, field } from './fields.ts';
import { openBatch, sameMac } from './keys.ts';
import { piecesFromDeclaration } from './pieces-from-declaration.ts';
import { type Batch, readToken, tokenHolds } from './read-token.ts';
import { headerSettings } from './settings.ts';

/**
 * Reads an SDTID file of one token or many (`reference/token-formats.md` §1), one row after the other; of the file it
 * holds a token at a time. Both MACs are verified, the trailer's signature is not: nobody can. A device id in the file
 * binds the token in apps only, so none is asked for.
 *
 * What is wrong with one token is its `bad` row, and a token with 64 bits or another length of code is `skipped`; rows come
 * before the end of the file was seen, so what throws may throw after some.
 * @param chunks the file, cut anywhere; a byte order mark and text before the XML declaration are passed over
 * @param unlocking `password` where the file has one; of a file without, it is ignored
 * @throws TokenFileError `malformed`, `too-large`, `doctype`; `password-required` and `wrong-password`, also where Secret,
 *   Name, Origin or Dest were changed, which nothing tells apart; `damaged` where the header alone was changed
 */
export async function* readSdtid(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  unlocking: Unlocking,
): AsyncGenerator<FileRow> {
  let root: XmlElement | undefined;
  let header: XmlElement | undefined;
  let batch: Batch | undefined;
  let tokens = 0;
  let ended = false;
  for await (const piece of piecesFromDeclaration(chunks)) {
    if (!root) {
      root = piece;
      if (root.name !== 'TKNBatch')
        throw new TokenFileError('malformed', 'This is no SDTID file: it has no TKNBatch', root.line);
    } else if (piece.name === 'TKNHeader') {
      if (header) throw new TokenFileError('malformed', 'There is a second TKNHeader', piece.line);
      header = piece;
    } else if (piece.name === 'TKNTrailer') {
      ended = true;
    } else if (piece.name === 'TKN') {
      if (!header) throw new TokenFileError('malformed', 'A TKN comes before the TKNHeader', piece.line);
      batch ??= unlock(header, piece, unlocking);
      tokens += 1;
      if (tokens > MAX_TOKENS)
        throw new TokenFileError('too-large', `More than ${MAX_TOKENS} tokens`, piece.line);
      yield readToken(piece, batch);
    }
  }
  if (!header) throw new TokenFileError('malformed', 'The file has no TKNHeader');
  if (tokens === 0) throw new TokenFileError('malformed', 'The file holds no token');
  if (!ended)
    throw new TokenFileError(
      'malformed',
      'The file has no TKNTrailer: its end is missing. Get the file again',
    );
}

/**
 * Nothing in a file says whether it has a password, and where it has none its Origin takes the place. So both are tried,
 * and the first token's MAC tells a wrong password (both MACs are wrong) from a damaged header.
 */
function unlock(header: XmlElement, firstToken: XmlElement, { password = '' }: Unlocking): Batch {
  const text = (name: string): string => {
    const found = field(header, name);
    if (found === undefined) throw new TokenFileError('malformed', `TKNHeader has no ${name}`, header.line);
    return trimmed(found);
  };
  const octets = (name: string): Buffer => {
    const found = block(text(name));
    if (!found) throw new TokenFileError('malformed', `${name} is not 16 bytes in Base64`, header.line);
    return found;
  };
  const secret = octets('Secret');
  const mac = octets('HeaderMAC');
  const names = { name: text('Name'), destination: text('Dest') };
  const passwords = [text('Origin'), ...(trimmed(password) === '' ? [] : [password])];
  let opensToken = false;
  for (const one of passwords) {
    const keys = openBatch(secret, one, names);
    if (sameMac(keys.headerMac(header), mac)) return { keys, defaults: defaultsOf(header) };
    opensToken ||= tokenHolds(firstToken, keys);
  }
  if (opensToken)
    throw new TokenFileError(
      'damaged',
      'The header was changed after the file was made: its MAC is wrong. Ask for the file again',
      header.line,
    );
  if (passwords.length === 1)
    throw new TokenFileError('password-required', 'The file needs a password', header.line);
  throw new TokenFileError('wrong-password', 'The password does not open the file', header.line);
}

function defaultsOf(header: XmlElement): Batch['defaults'] {
  try {
    return headerSettings(header);
  } catch (error) {
    if (!(error instanceof FieldFault)) throw error;
    throw new TokenFileError('malformed', `In TKNHeader, ${error.message}`, header.line);
  }
}
