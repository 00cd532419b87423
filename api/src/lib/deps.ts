import type { Actor } from '../auth/actor.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/client.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { MailTransport } from './mail.ts';
import type { Random } from './random.ts';
import type { Vault } from './vault.ts';

/** What the program runs on; made once in `main.ts`, or by a test. */
export type Deps = {
  config: Config;
  db: Database;
  bus: Bus;
  clock: Clock;
  random: Random;
  vault: Vault;
  log: Log;
  /** Null while no mail server is set. */
  mail: MailTransport | null;
};

/** Where an act comes from; goes into the log and the audit row. */
export type RequestInfo = { id: string; address: string };

/** What an action takes: the program's parts, who acts, and from where. */
export type ActionDeps = Deps & { actor: Actor; request: RequestInfo };
