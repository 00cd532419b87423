import { customType, timestamp } from 'drizzle-orm/pg-core';

/** Raw octets. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value),
});

/** A moment, kept with its time zone in Postgres and as a Date here. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
