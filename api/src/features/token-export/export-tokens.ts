import { writePskc } from '@symbolon/token-files/pskc/write-pskc';
import { writeSdtid } from '@symbolon/token-files/sdtid/write-sdtid';
import type { TokenRecord } from '@symbolon/token-files/token-record';
import { inArray } from 'drizzle-orm';
import { isInPerson } from '../../auth/actor.ts';
import type { Transaction } from '../../db/client.ts';
import { utcDay } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { joined } from '../distribution/token-string.ts';
import { keepOneTimeFile } from '../files/one-time-file.ts';
import type { FileRow } from '../files/table.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { openSeed } from '../tokens/seeds.ts';
import { type TokenRow, type TokenSeedRow, tokenSeeds, tokens } from '../tokens/table.ts';
import { users } from '../users/table.ts';

export type ExportTokensInput = {
  tokenIds: readonly string[];
  format: 'PSKC' | 'SDTID';
  password: string;
};

const MAX_TOKENS = 1000;
/** A file of many seeds is worth more work to who guesses than one of one. */
const PASSWORD = { least: 12, most: 32 };
const ALGORITHM = { PSKC: 'TOTP', SDTID: 'SECURID' } as const;
const LAST_DAY = '2099-12-31';

/**
 * Writes tokens with their seeds into an encrypted file, for whoever asks, to be claimed once: the way to another system, or
 * to a second installation. The tokens go on working here. Each is written down, and its owner is told.
 * @throws Failure InvalidInput · NotFound `token.not_found` · InvalidState `token.no_seed`, `token.other_format`
 */
export async function exportTokens(deps: ActionDeps, input: ExportTokensInput): Promise<FileRow> {
  if (!isInPerson(deps.actor)) throw new Error('Seeds are exported by a person who has signed in.');
  const ids = [...new Set(input.tokenIds)];
  const { format, password } = input;
  new FieldChecks()
    .require(
      ids.length >= 1 && ids.length <= MAX_TOKENS,
      'tokenIds',
      'tokens.count',
      `Name 1 to ${MAX_TOKENS} tokens.`,
    )
    .require(
      password.length >= PASSWORD.least &&
        Buffer.byteLength(password) <= PASSWORD.most &&
        password === password.trim() &&
        !/\p{C}/u.test(password),
      'password',
      'export_password.weak',
      `The password has at least ${PASSWORD.least} characters and at most ${PASSWORD.most} octets (a letter with an accent is two), and no spaces at its ends.`,
    )
    .done();
  return deps.db.transaction(async (tx) => {
    const rows = await exportable(tx, ids, ALGORITHM[format]);
    const records = rows.map((row) => recordOf(deps, row));
    const randomBytes = (length: number) => deps.random.bytes(length);
    const pieces =
      format === 'PSKC'
        ? writePskc(records, { encryption: { kind: 'password', password }, randomBytes })
        : writeSdtid(records, { password, randomBytes });
    const day = utcDay(deps.clock.now());
    const ending = format === 'PSKC' ? 'pskcxml' : 'sdtid';
    const file = await keepOneTimeFile(tx, deps, {
      name: `tokens-${day}.${ending}`,
      mediaType: 'application/octet-stream',
      octets: await joined(pieces),
    });
    await recordAudit(
      tx,
      deps,
      ...rows.map(({ token, owner }) => ({
        action: 'token.exported' as const,
        token,
        targetUser: owner,
        details: { format, file: file.name },
      })),
    );
    for (const { token } of rows) await notifyOwner(tx, deps, token, { event: 'TOKEN_EXPORTED' });
    return file;
  });
}

type Exportable = {
  token: TokenRow;
  seed: TokenSeedRow;
  owner: { id: string; userName: string; givenName: string; familyName: string } | null;
};

/** The tokens with the seed that counts: the live one, or that of the stock. */
async function exportable(
  tx: Transaction,
  ids: string[],
  algorithm: 'SECURID' | 'TOTP',
): Promise<Exportable[]> {
  const found = await tx.select().from(tokens).where(inArray(tokens.id, ids)).orderBy(tokens.serialKey);
  if (found.length < ids.length) throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
  const seeds = await tx.select().from(tokenSeeds).where(inArray(tokenSeeds.tokenId, ids));
  const ownerIds = found.flatMap(({ ownerId }) => ownerId ?? []);
  const owners = ownerIds.length ? await tx.select().from(users).where(inArray(users.id, ownerIds)) : [];
  return found.map((token) => {
    const { serialNumber } = token;
    if (token.algorithm !== algorithm) {
      throw new Failure(
        'InvalidState',
        'token.other_format',
        `Token ${serialNumber} is a ${token.algorithm} token. SECURID goes into SDTID, TOTP into PSKC: export them apart.`,
        { serialNumber },
      );
    }
    const own = seeds.filter(({ tokenId }) => tokenId === token.id);
    const seed = own.find(({ state }) => state === 'LIVE') ?? own.find(({ state }) => state === 'STOCK');
    if (!seed) {
      throw new Failure(
        'InvalidState',
        'token.no_seed',
        `Token ${serialNumber} has no seed yet, so there is nothing to export. Leave it out.`,
        { serialNumber },
      );
    }
    return { token, seed, owner: owners.find(({ id }) => id === token.ownerId) ?? null };
  });
}

function recordOf(deps: ActionDeps, { token, seed, owner }: Exportable): TokenRecord {
  return {
    serialNumber: token.serialNumber,
    algorithm: token.algorithm,
    seed: openSeed(deps, seed),
    digits: seed.tokencodeLength as 6 | 8,
    intervalSeconds: seed.tokencodeInterval,
    ...(seed.hashAlgorithm ? { hashAlgorithm: seed.hashAlgorithm } : {}),
    pinStyle: seed.pinStyle,
    expiresOn: token.expiresOn ?? LAST_DAY,
    ...(owner ? { userName: owner.userName, firstName: owner.givenName, lastName: owner.familyName } : {}),
    ...(token.nickname ? { nickname: token.nickname } : {}),
    ...(token.boundDeviceId ? { deviceId: token.boundDeviceId } : {}),
  };
}
