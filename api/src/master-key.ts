import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Config } from './config.ts';
import type { Database } from './db/client.ts';
import { masterKeyCanary } from './features/settings/table.ts';
import type { Random } from './lib/random.ts';
import { StartRefused } from '@symbolon/serving/start-refused';
import type { Vault } from './lib/vault.ts';

/**
 * The 32 octets of the master key: from SYMBOLON_MASTER_KEY or its file; for the embedded database from the data
 * folder, where it is made at the first start.
 * @throws StartRefused when there is none, or it is not 32 octets in hex or base64
 */
export async function readMasterKey(config: Config, random: Random, dataDir: string): Promise<Uint8Array> {
  if (config.masterKey) return decodeKey(config.masterKey, 'SYMBOLON_MASTER_KEY');
  if (config.masterKeyFile) {
    const text = await readFile(config.masterKeyFile, 'utf8').catch((error: Error) => {
      throw new StartRefused(
        `The master key file ${config.masterKeyFile} cannot be read (${error.message}).`,
      );
    });
    return decodeKey(text, config.masterKeyFile);
  }
  if (config.databaseUrl) {
    throw new StartRefused(
      'With DATABASE_URL the master key has to be given: set SYMBOLON_MASTER_KEY_FILE or SYMBOLON_MASTER_KEY ' +
        '(32 random octets, for example from: openssl rand -base64 32).',
    );
  }
  return keyInDataDir(join(dataDir, 'master-key'), random);
}

async function keyInDataDir(path: string, random: Random): Promise<Uint8Array> {
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return decodeKey(kept, path);
  await mkdir(join(path, '..'), { recursive: true });
  const draft = `${path}.${Buffer.from(random.bytes(4)).toString('hex')}`;
  await writeFile(draft, `${Buffer.from(random.bytes(32)).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  // A link fails when the name exists, so two first starts agree on one key and a killed one leaves none half-written.
  await link(draft, path).catch(() => undefined);
  await rm(draft);
  return decodeKey(await readFile(path, 'utf8'), path);
}

function decodeKey(text: string, source: string): Uint8Array {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, /^[0-9a-fA-F]{64}$/.test(trimmed) ? 'hex' : 'base64');
  if (key.length !== 32) {
    throw new StartRefused(`The master key in ${source} is not 32 octets in base64 or hex.`);
  }
  return new Uint8Array(key);
}

const place = { table: 'master_key_canary', id: 'canary', purpose: 'canary' };

/** Refuses a master key other than the one that sealed this database's secrets. @throws StartRefused */
export async function checkMasterKey(db: Database, vault: Vault): Promise<void> {
  await db
    .insert(masterKeyCanary)
    .values({ id: 'canary', sealed: vault.seal(Buffer.from('symbolon'), place) })
    .onConflictDoNothing();
  const [row] = await db.select().from(masterKeyCanary).where(eq(masterKeyCanary.id, 'canary'));
  try {
    vault.open(row!.sealed, place);
  } catch {
    throw new StartRefused(
      'This is not the master key that sealed the seeds of this database. Start with the right key; nothing was changed.',
    );
  }
}
