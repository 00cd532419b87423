import { sql as raw } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Queryable } from '../db/client.ts';

/** `activation` an activation's id · `job` a job's id · `request` a token request's id · `user` whose sessions ended or whose rights changed · `session` an ended session · `api_key` a revoked key. */
export type Topic = 'activation' | 'job' | 'request' | 'user' | 'session' | 'api_key';
type Message = { topic: Topic; id: string };
type Listener = (id: string) => void;

/** News between instances over LISTEN/NOTIFY: ids only; whoever hears one reads the row. */
export type Bus = {
  /** Sent when the transaction commits. */
  publish(tx: Queryable, topic: Topic, id: string): Promise<void>;
  /** `listener` gets ids; after a reconnect, when news may be lost, `onGap` is called. Answers how to stop. */
  subscribe(topic: Topic, listener: Listener, onGap?: () => void): () => void;
  close(): Promise<void>;
};

const CHANNEL = 'symbolon';

export async function createBus(sql: Sql): Promise<Bus> {
  const listeners = new Map<Topic, Set<Listener>>();
  const gaps = new Set<() => void>();
  let connectedBefore = false;

  const subscription = await sql.listen(
    CHANNEL,
    (payload) => {
      const message = JSON.parse(payload) as Message;
      for (const listener of listeners.get(message.topic) ?? []) listener(message.id);
    },
    () => {
      if (connectedBefore) for (const gap of gaps) gap();
      connectedBefore = true;
    },
  );

  return {
    async publish(tx, topic, id) {
      await tx.execute(raw`SELECT pg_notify(${CHANNEL}, ${JSON.stringify({ topic, id })})`);
    },
    subscribe(topic, listener, onGap) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      if (onGap) gaps.add(onGap);
      return () => {
        set.delete(listener);
        if (onGap) gaps.delete(onGap);
      };
    },
    close: () => subscription.unlisten(),
  };
}
