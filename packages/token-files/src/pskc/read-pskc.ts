import { TokenFileError } from '../errors.ts';
import { type FileRow, MAX_TOKENS } from '../token-record.ts';
import { readXmlPieces, type XmlElement } from '../xml-stream.ts';
import { encryptedValues } from './encrypted-values.ts';
import type { PskcUnlocking } from './file-keys.ts';
import { readKeyPackage } from './key-package.ts';

/**
 * Reads a PSKC container (RFC 6030, `reference/token-formats.md` §4) row by row, in constant memory. Elements are known by
 * local name. TOTP with 6 or 8 digits becomes a token; HOTP and everything else a `skipped` row, without needing the
 * password. A signature is not looked at: the MACs tell whether values were changed.
 *
 * The user is taken as the file names it, which may be a distinguished name; of the dates of device and key the narrower
 * period counts, by UTC day; `Time` and `TimeDrift` are checked and left out.
 * @param unlocking password or key, if the file is encrypted; `securId` also takes keys under SECURID_ALGORITHM
 * @throws TokenFileError `password-required` or `key-required`; `wrong-password` or `wrong-key`, as well as the format can
 *   tell (the first value does not open; later ones are rows `row.damaged`); `malformed`, `doctype`, `too-large`;
 *   `unsupported` for ciphers other than AES, for derivations other than PBKDF2, for certificates and for drafts before
 *   RFC 6030. Rows may have come before, so nothing may count before the end.
 */
export async function* readPskc(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  unlocking: PskcUnlocking & { securId?: boolean } = {},
): AsyncGenerator<FileRow> {
  const heads = new Map<string, XmlElement>();
  let root: XmlElement | undefined;
  let packages = 0;
  const open = (): ReturnType<typeof encryptedValues> =>
    encryptedValues(heads.get('EncryptionKey'), heads.get('MACMethod'), unlocking);
  let opener: ReturnType<typeof open> | undefined;
  for await (const piece of readXmlPieces(chunks)) {
    if (!root) {
      checkRoot(piece);
      root = piece;
    } else if (piece.name === 'EncryptionKey' || piece.name === 'MACMethod') {
      if (packages > 0 || heads.has(piece.name))
        throw new TokenFileError(
          'malformed',
          `${piece.name} stands once, before the key packages`,
          piece.line,
        );
      heads.set(piece.name, piece);
    } else if (piece.name === 'KeyPackage') {
      packages += 1;
      if (packages > MAX_TOKENS)
        throw new TokenFileError('too-large', `More than ${MAX_TOKENS} key packages`, piece.line);
      opener ??= open();
      yield await readKeyPackage(piece, { open: opener, securId: unlocking.securId === true });
    } else if (piece.name === 'Device') {
      throw new TokenFileError('unsupported', 'A draft from before RFC 6030; ask for PSKC 1.0', piece.line);
    }
  }
  if (packages === 0) throw new TokenFileError('malformed', 'The container holds no key package', root?.line);
}

function checkRoot({ name, attributes, line }: XmlElement): void {
  if (name !== 'KeyContainer') throw new TokenFileError('malformed', 'This is no PSKC container', line);
  const version = attributes.get('Version')?.trim() ?? '1.0';
  if (!/^1(\.0)?$/.test(version))
    throw new TokenFileError('unsupported', `PSKC of version ${version.slice(0, 10)}; 1.0 is read`, line);
}
