/** One installation for each worker; below 32768, where no other program's outgoing connection takes the port. */
export const PORTS = [14_123, 14_124] as const;

/** Of the installation with TLS, which one test starts for itself. */
export const TLS_PORT = 16_125;

/** Of the installation behind a web tier, and of the tier. */
export const INSIDE_PORT = 16_127;
export const TIER_PORT = 16_128;

/** Of the first Super Admin, `admin`, on every installation of the tests. */
export const ADMIN_PASSWORD = 'three quiet lanterns';

/** Where an installation hands over its mail; a server listens there while a test wants one. */
export const mailPort = (port: number): number => port + 1000;

/** The origin that pages, phones and the API know an installation by. */
export const publicUrl = (port: number): string => `http://127.0.0.1:${port}`;
