import { Buffer } from 'node:buffer';
import { writeCtf } from '@symbolon/token-files/ctf/write-ctf';
import type { CtfWrapper } from '@symbolon/token-files/ctf/wrappers';
import { writePskc } from '@symbolon/token-files/pskc/write-pskc';
import { writeSdtid } from '@symbolon/token-files/sdtid/write-sdtid';
import type { TokenRecord } from '@symbolon/token-files/token-record';
import yazl from 'yazl';
import type { Deps } from '../../lib/deps.ts';
import type { DeviceDefinitionRow } from '../device-definitions/table.ts';

/** A file that is to be saved. */
export type MadeFile = { name: string; mediaType: string; octets: Uint8Array };

/** One token as a file of its own: SDTID, or PSKC for TOTP. Without a password anybody who has it has the seed. */
export async function tokenFile(
  deps: Pick<Deps, 'random'>,
  token: TokenRecord,
  { userName, password }: { userName: string; password: string | null },
): Promise<{ name: string; octets: Uint8Array }> {
  const randomBytes = (length: number) => deps.random.bytes(length);
  const name = `${fileName(userName)}_${token.serialNumber}`;
  if (token.algorithm === 'TOTP') {
    const encryption = password ? ({ kind: 'password', password } as const) : ({ kind: 'none' } as const);
    return { name: `${name}.pskcxml`, octets: await joined(writePskc([token], { encryption, randomBytes })) };
  }
  const pieces = writeSdtid([token], { password: password ?? undefined, randomBytes });
  return { name: `${name}.sdtid`, octets: await joined(pieces) };
}

/** Letters, digits and `. _ - @ +` stay: nothing of a name leads out of the folder that a ZIP is unpacked into. */
export const fileName = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N}._@+-]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 100);

/** Packs files into one, unencrypted: what needs a lock has its own. */
export async function zipOf(
  name: string,
  files: readonly { name: string; octets: Uint8Array }[],
): Promise<MadeFile> {
  const zip = new yazl.ZipFile();
  for (const file of files) zip.addBuffer(Buffer.from(file.octets), file.name);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  return { name, mediaType: 'application/zip', octets: Buffer.concat(parts) };
}

/** One token as a string of the compressed format, in the link that the device type's app listens to. */
export function tokenString(
  deps: Pick<Deps, 'random'>,
  definition: DeviceDefinitionRow,
  token: TokenRecord,
  { password, deviceId }: { password: string | null; deviceId: string },
): string {
  return writeCtf(token, {
    version: 2,
    wrapper: wrapperOf(definition),
    password: password ?? undefined,
    deviceId,
    randomBytes: (length) => deps.random.bytes(length),
  });
}

/** A phone's app listens where it listens for CT-KIP links; elsewhere digits are typed. */
export function wrapperOf({
  linkTemplates,
  platform,
}: Pick<DeviceDefinitionRow, 'linkTemplates' | 'platform'>): CtfWrapper {
  if (platform === 'ANDROID') return 'ANDROID';
  if (platform !== 'IOS') return 'BLOCKS';
  return linkTemplates['CT_KIP_URL']?.startsWith('com.rsa.securid.iphone:') ? 'IOS_OLD' : 'IOS';
}

export async function joined(pieces: AsyncIterable<string>): Promise<Uint8Array> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.from(all.join(''));
}
