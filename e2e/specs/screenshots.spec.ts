import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unique } from '../support/admin-api.ts';
import { activatePath, expect, signInAs, test } from '../support/test.ts';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const WIDTH = 832;

test('The activation dialog for the README', async ({ page, api, qrProfile }) => {
  const person = await api.makePerson({
    givenName: 'Alice',
    familyName: 'Archer',
    userName: `alice.${unique()}`,
  });
  const token = await api.makeWaitingToken(person, qrProfile);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await signInAs(page, person, activatePath(token));
  await expect(page.getByTestId('activation-qr')).toBeVisible();
  await expect(page.getByTestId('time-left')).toHaveText('4:57 left');
  await page.evaluate(() => document.fonts.ready);
  const last = await page.getByText('Cannot scan?').boundingBox();
  mkdirSync(folder, { recursive: true });
  await page.screenshot({
    path: `${folder}/activation-dialog.png`,
    clip: { x: (1280 - WIDTH) / 2, y: 0, width: WIDTH, height: Math.ceil(last!.y + last!.height + 32) },
  });
});
