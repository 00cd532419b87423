import { execFileSync, spawnSync } from 'node:child_process';
import { Phone } from '../support/phone.ts';
import { activatePath, expect, signInAs, test } from '../support/test.ts';

const isMissing = spawnSync('zbarimg', ['--version']).error !== undefined;

test('An independent reader finds the same link in the QR code', async ({ page, api, qrProfile }, info) => {
  if (isMissing) console.warn('SKIPPED: zbarimg is not installed (package zbar-tools).');
  test.skip(isMissing, 'zbarimg is not installed (package zbar-tools)');
  const person = await api.makePerson();
  const token = await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person, activatePath(token));
  const qr = page.getByTestId('activation-qr');
  const file = info.outputPath('qr.png');
  await qr.screenshot({ path: file });

  const read = execFileSync('zbarimg', ['-q', '--raw', file], { encoding: 'utf8' }).trim();

  expect(read).toMatch(/^com\.rsa\.securid:\/\/ctkip\?/);
  expect(read).toBe(await Phone.read(qr));
});
