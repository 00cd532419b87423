import { AdminApi } from '../support/admin-api.ts';
import { ADMIN_PASSWORD, INSIDE_PORT, publicUrl, TIER_PORT } from '../support/installations.ts';
import { startProgram } from '../support/own-program.ts';
import { activatePath, expect, REFUSED_REQUEST, signIn, test, typeCode } from '../support/test.ts';

const [inside, outside] = [publicUrl(INSIDE_PORT), publicUrl(TIER_PORT)];

test('Through the web tier a phone activates and its owner uses self-service, and nobody administers', async ({
  browser,
  browserConsole,
  phone,
}) => {
  test.setTimeout(240_000);
  browserConsole.allow(REFUSED_REQUEST);
  browserConsole.allow(/404 \(Not Found\)/);
  const stopInside = await startProgram(
    'serve-installation.ts',
    {
      NODE_ENV: 'test',
      PORT: String(INSIDE_PORT),
      SYMBOLON_PUBLIC_URL: outside,
      SYMBOLON_ADMIN_URL: inside,
      TRUSTED_PROXIES: '127.0.0.1',
      SYMBOLON_ADMIN_PASSWORD: ADMIN_PASSWORD,
      SYMBOLON_DEMO: '0',
      LOG_LEVEL: 'error',
    },
    'Symbolon is ready',
  );
  const stopTier = await startProgram(
    '../../packages/web-tier/src/main.ts',
    { PORT: String(TIER_PORT), WEB_TIER_INSIDE: inside, WEB_TIER_SELF_SERVICE: '1', LOG_LEVEL: 'silent' },
    'The web tier passes',
  );
  const context = await browser.newContext({ baseURL: outside });
  try {
    const admin = new AdminApi(INSIDE_PORT);
    await admin.signIn('admin', ADMIN_PASSWORD);
    const person = await admin.makePerson();
    const token = await admin.makeWaitingToken(person, await admin.makeProfile('CT_KIP_QR'));
    const page = await context.newPage();
    browserConsole.watch(context);

    await test.step('the owner scans at a desk outside', async () => {
      await signIn(page, person.userName, person.password, activatePath(token));
      expect(await phone.scan(page.getByTestId('activation-qr'))).toBe(token.serialNumber);
      // Over the WebSocket, which goes through, too.
      await expect(page.getByText('Pocket phone')).toBeVisible();
      await typeCode(page, await phone.code(token.serialNumber));
      await expect(page.getByTestId('activation-done')).toBeVisible();
    });

    await test.step('and takes another token as a file', async () => {
      const profile = await admin.makeProfile('FILE', { deviceType: 'Desktop PC 5.x' });
      await admin.setSelfService({ allowFileDelivery: true });
      await admin.setSelfService({ requestableProfileIds: [profile.id] });
      await admin.setWorkflow({ approvalSteps: 0 });
      await admin.makeTokens(1);
      await AdminApi.ask(INSIDE_PORT, person, profile, 'For my desktop.');
      await page.goto('/my');
      await page.getByLabel(/^Password for it/).fill('My-own-1');
      await page.getByRole('button', { name: 'Make it' }).click();
      const fetched = page.waitForEvent('download');
      await page.getByRole('button', { name: /^Download / }).click();
      expect((await fetched).suggestedFilename()).toMatch(/\.sdtid\.zip$/);
    });

    await test.step('an administrator is a user there', async () => {
      await context.clearCookies();
      await signIn(page, 'admin', ADMIN_PASSWORD);
      await expect(page).toHaveURL(/\/my$/);
      const answer = await page.evaluate(async () => {
        const query = '{ session { permissions } users(first: 1) { nodes { userName } } }';
        const headers = { 'Content-Type': 'application/json', 'X-Symbolon-Web-Tier': '0' };
        const body = JSON.stringify({ query });
        return (await fetch('/graphql', { method: 'POST', headers, body })).json();
      });
      expect(JSON.stringify(answer)).toContain('FORBIDDEN');
      expect(JSON.stringify(answer)).not.toContain(person.userName);
    });

    await test.step('the console is not there', async () => {
      for (const path of ['/admin', '/admin/users', '/explorer/', '/metrics', '/readyz', '/test/clock'])
        expect([path, (await context.request.get(path)).status()]).toEqual([path, 404]);
      await page.goto('/admin');
      await expect(page.getByText('There is nothing here.')).toBeVisible();
    });

    await test.step('who says inside that they come from the tier loses, and gains nothing', async () => {
      const session = await fetch(`${inside}/auth/sign-in/username`, {
        method: 'POST',
        headers: { Origin: inside, 'Content-Type': 'application/json' },
        body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
      });
      const cookie = session.headers.getSetCookie()[0]!.split(';')[0]!;
      const permissions = async (headers: Record<string, string>) => {
        const response = await fetch(`${inside}/graphql`, {
          method: 'POST',
          headers: { Origin: inside, 'Content-Type': 'application/json', Cookie: cookie, ...headers },
          body: JSON.stringify({ query: '{ session { permissions } }' }),
        });
        return (await response.json()).data.session.permissions as string[];
      };
      expect(await permissions({})).toContain('USERS_MANAGE');
      expect(await permissions({ 'X-Symbolon-Web-Tier': '1' })).toEqual([]);
    });
  } finally {
    await context.close();
    await stopTier();
    await stopInside();
  }
});
