import { pino } from 'pino';
import { StartRefused } from '@symbolon/serving/start-refused';
import { readTierConfig } from './config.ts';
import { createTier } from './tier.ts';

try {
  const config = readTierConfig(process.env);
  const log = pino({ level: config.logLevel });
  const { http, close } = createTier(config, log);
  http.once('error', (error) => {
    process.stderr.write(
      `The web tier cannot listen on ${config.listen}:${config.port} (${error.message}).\n`,
    );
    process.exit(1);
  });
  http.listen(config.port, config.listen, () => {
    const what = config.selfService ? 'CT-KIP and self-service' : 'CT-KIP';
    const address = `${config.tls ? 'https' : 'http'}://${config.listen}:${config.port}`;
    process.stdout.write(`The web tier passes ${what} from ${address} to ${config.inside.origin}.\n`);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void close().then(() => process.exit(0)));
} catch (error) {
  if (!(error instanceof StartRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
