import { defineConfig } from '@playwright/test';
import { ADMIN_PASSWORD, mailPort, PORTS, publicUrl } from './support/installations.ts';

const executablePath = process.env['SYMBOLON_CHROMIUM'];

export default defineConfig({
  testDir: 'specs',
  // Pictures for the documents are made on demand: MAKE_SCREENSHOTS=1 playwright test screenshots
  ...(process.env['MAKE_SCREENSHOTS'] ? {} : { testIgnore: 'screenshots.spec.ts' }),
  outputDir: 'results/tests',
  reporter: 'list',
  // One installation a worker: a test may move its clock, and no other test runs on it meanwhile.
  workers: PORTS.length,
  fullyParallel: true,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // No film: to record one slows every test down.
    trace: { mode: 'retain-on-failure', screenshots: false },
    actionTimeout: 15_000,
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: PORTS.map((port) => ({
    command: `"${process.execPath}" support/serve-installation.ts`,
    url: `${publicUrl(port)}/readyz`,
    reuseExistingServer: false,
    timeout: 180_000,
    stdout: 'ignore' as const,
    stderr: 'pipe' as const,
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 20_000 },
    env: {
      NODE_ENV: 'test',
      PORT: String(port),
      SYMBOLON_LISTEN: '127.0.0.1',
      SYMBOLON_PUBLIC_URL: publicUrl(port),
      SYMBOLON_ADMIN_URL: '',
      SYMBOLON_ADMIN_PASSWORD: ADMIN_PASSWORD,
      SYMBOLON_DEMO: '0',
      SYMBOLON_INSECURE_HTTP: '',
      SYMBOLON_MASTER_KEY: '',
      SYMBOLON_MASTER_KEY_FILE: '',
      SMTP_URL: `smtp://127.0.0.1:${mailPort(port)}`,
      SYMBOLON_MAIL_FROM: '',
      SMIME_CERT_FILE: '',
      SMIME_KEY_FILE: '',
      DATABASE_URL: '',
      TLS_CERT_FILE: '',
      TLS_KEY_FILE: '',
      TRUSTED_PROXIES: '',
      LOG_LEVEL: 'warn',
    },
  })),
});
