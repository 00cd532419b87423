import type { Page } from '@playwright/test';
import { makeCertificate } from '@symbolon/serving/test/certificates';
import { expectAccessible } from '../support/axe.ts';
import { TLS_PORT } from '../support/installations.ts';
import { startTlsInstallation } from '../support/tls-installation.ts';
import { expect, signInAsAdmin, test } from '../support/test.ts';

test('An untrusted, an expired and a wrong-name certificate are each named, and a renewed one is taken', async ({
  browser,
  browserConsole,
}) => {
  test.setTimeout(240_000);
  const root = makeCertificate({ commonName: 'Our Root', isAuthority: true });
  const installation = await startTlsInstallation(
    TLS_PORT,
    makeCertificate({ names: ['localhost'] }),
    root.certificate,
  );
  const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: installation.url });
  try {
    browserConsole.watch(context);
    const page = await context.newPage();
    await signInAsAdmin(page, '/admin');
    await expect(
      page.getByRole('link', { name: '1 address of this installation needs a look' }),
    ).toBeVisible();

    await test.step('untrusted: found by itself at the start', async () => {
      await page.getByRole('link', { name: '1 address of this installation needs a look' }).click();
      await expect(page.getByRole('heading', { name: 'Phones fail' })).toBeVisible();
      await expect(page.getByText('The certificate signs itself, so phones do not trust it.')).toBeVisible();
      await expect(page.getByText('This installation answers at the address.')).toBeVisible();
      await expectAccessible(page, 'Setup, addresses with an error');
    });

    await test.step('expired: served without a restart, named when it is checked', async () => {
      await installation.renew(makeCertificate({ names: ['localhost'], issuer: root, from: -90, to: -3 }));
      await checkUntil(page, /^The certificate expired on /);
      await expect(page.getByText('The certificate signs itself')).toHaveCount(0);
    });

    await test.step('for another name', async () => {
      await installation.renew(makeCertificate({ names: ['tokens.example'], issuer: root }));
      await checkUntil(page, 'The certificate is for tokens.example, and not for localhost.');
      await expect(page.getByText(/The certificate expired/)).toHaveCount(0);
    });

    await test.step('files that do not fit leave it in service, and are told', async () => {
      const { certificate } = makeCertificate({ names: ['localhost'] });
      await installation.renew({ certificate, key: root.key });
      await checkUntil(page, /the former one stays in service\. The key in .* does not belong to/);
      await expect(page.getByText('The certificate is for tokens.example')).toBeVisible();
    });

    await test.step('good', async () => {
      await installation.renew(makeCertificate({ names: ['localhost'], issuer: root }));
      await checkUntil(page, 'The certificate is for localhost.');
      await expect(
        page.getByText(/^The certificate leads to Our Root, which this machine trusts/),
      ).toBeVisible();
      await expect(page.getByRole('heading', { name: 'Phones fail' })).toHaveCount(0);
      await page.goto('/admin');
      await expect(page.getByText('What waits for you')).toBeVisible();
      await expect(page.getByText('needs a look')).toHaveCount(0);
    });

    await test.step('whoever makes a profile for phones is warned that they cannot reach localhost', async () => {
      await page.goto('/admin/profiles/new');
      await page.getByRole('combobox', { name: 'Device type' }).click();
      await page.getByRole('option').first().click();
      const warning = page
        .getByRole('alert')
        .filter({ hasText: `Phones will not reach ${installation.url}` });
      await expect(warning).toBeVisible();
      await expectAccessible(page, 'a new profile with a warning');
      await warning.getByRole('link', { name: 'Addresses and certificates' }).click();
      await expect(page.getByRole('button', { name: 'Check now' })).toBeVisible();
    });
  } finally {
    await context.close();
    await installation.stop();
  }
});

/** Checks now, and again, until the page says so: a renewed file is taken within seconds. */
async function checkUntil(page: Page, words: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.getByRole('button', { name: 'Check now' }).click();
    await expect(page.getByRole('status').filter({ hasText: /^Checked: / })).toBeVisible();
    await expect(page.getByText(words)).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 40_000 });
}
