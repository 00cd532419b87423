import { expect, grouped, signIn, signInAsAdmin, test } from '../support/test.ts';
import { unique } from '../support/admin-api.ts';

test('A token gets onto a phone by QR code, and the audit log tells how', async ({
  browser,
  page,
  phone,
  browserConsole,
}) => {
  test.setTimeout(120_000);
  const profileName = `iPhone by QR code ${unique()}`;
  const userName = `grace.${unique()}`;
  const ownPassword = 'copper kettle on the stove';
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await signInAsAdmin(page);
  await expect(page).toHaveURL(/\/admin\/?$/);

  await test.step('a token profile for a device type that can scan', async () => {
    await page.getByRole('link', { name: 'Token profiles' }).first().click();
    await page.getByRole('link', { name: 'Add a token profile' }).first().click();
    await page.getByRole('combobox', { name: 'Device type' }).click();
    await page.getByRole('option', { name: 'iOS 2.x' }).click();
    await page.getByLabel('Name').fill(profileName);
    await expect(page.getByRole('radio', { name: 'QR code in self-service' })).toBeChecked();
    await expect(page.getByText('recommended for high security')).toBeVisible();
    await page.getByRole('button', { name: 'Add profile' }).click();
    await expect(page.getByRole('heading', { level: 1, name: profileName })).toBeVisible();
  });

  const serialNumber = await test.step('tokens', async () => {
    await page
      .getByRole('navigation', { name: 'Navigation' })
      .getByRole('link', { name: 'Tokens', exact: true })
      .click();
    await page.getByRole('button', { name: 'Make tokens' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('How many').fill('3');
    await dialog.getByRole('button', { name: 'Make 3 tokens' }).click();
    await expect(dialog).toContainText('3 tokens are made');
    const [made] = /\d{4} \d{4} \d{4}/.exec((await dialog.textContent())!)!;
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect(dialog).toBeHidden();
    return made.replaceAll(' ', '');
  });

  const firstPassword = await test.step('a person, with a password that is shown once', async () => {
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('button', { name: 'Add a user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('User name').fill(userName);
    await dialog.getByLabel('Given name').fill('Grace');
    await dialog.getByLabel('Family name').fill('Green');
    await dialog.getByRole('button', { name: 'Add a user' }).click();
    await expect(dialog).toContainText('This password is shown once');
    await dialog.getByRole('button', { name: 'Copy: Password' }).click();
    await expect(dialog.getByRole('button', { name: 'Copy: Password' })).toHaveText('Copied');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    await expect(dialog.getByRole('status', { name: 'Password' })).toHaveText(copied);
    await dialog.getByRole('link', { name: 'Open the user' }).click();
    return copied;
  });

  await test.step('assigned and distributed in the wizard', async () => {
    await page.getByRole('link', { name: 'Assign more tokens' }).click();
    await page.getByRole('searchbox', { name: 'Part of a serial number' }).fill(serialNumber);
    await page.getByRole('checkbox', { name: `Select ${serialNumber}` }).check();
    await page.getByRole('button', { name: 'Assign and distribute' }).click();
    await expect(page.getByText(`Grace Green gets token ${grouped(serialNumber)}.`)).toBeVisible();
    await page.getByRole('radio', { name: profileName }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByRole('radio', { name: 'Any device of this kind' })).toBeChecked();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: `Distribute token ${grouped(serialNumber)}` }).click();
    await expect(
      page.getByRole('heading', { name: `Token ${grouped(serialNumber)} is waiting for Grace's phone` }),
    ).toBeVisible();
  });

  const desk = await browser.newContext({ baseURL: new URL(page.url()).origin });
  browserConsole.watch(desk);
  const mine = await desk.newPage();
  await test.step('she signs in and chooses an own password', async () => {
    await signIn(mine, userName, firstPassword);
    await expect(mine).toHaveURL(/\/change-password$/);
    await expect(mine.getByText('Somebody else set your password.')).toBeVisible();
    await mine.getByLabel('Present password').fill(firstPassword);
    await mine.getByLabel('New password', { exact: true }).fill(ownPassword);
    await mine.getByLabel('New password again').fill(ownPassword);
    await mine.getByRole('button', { name: 'Change password' }).click();
    await expect(mine).toHaveURL(/\/my$/);
    await expect(mine.getByRole('heading', { level: 1, name: 'My Authenticators' })).toBeVisible();
  });

  await test.step('her phone scans the QR code, and the page at the desk notices', async () => {
    await mine.getByRole('link', { name: 'Activate your token' }).click();
    await expect(mine.getByTestId('time-left')).toHaveText(/^(5:00|4:5\d) left$/);
    await expect(mine.getByText('Waiting for your phone …')).toBeVisible();
    expect(await phone.scan(mine.getByTestId('activation-qr'))).toBe(serialNumber);
    await expect(
      mine.getByRole('heading', { name: 'Activated on Pocket phone. One step is left' }),
    ).toBeVisible();
    await expect(mine.getByTestId('activation-qr')).toBeHidden();
  });

  await test.step('the first code puts the token into use', async () => {
    await expect(mine.getByLabel('Digit 1 of 8')).toBeFocused();
    await mine.keyboard.type(await phone.code(serialNumber));
    await expect(mine.getByRole('heading', { name: 'Done: your token is ready to use' })).toBeVisible();
    await mine.getByRole('link', { name: 'My Authenticators' }).click();
    const card = mine.getByTestId(`token-${serialNumber}`);
    await expect(card).toContainText('Active');
    await expect(card).toContainText('on Pocket phone');
    await desk.close();
  });

  await test.step('the audit log', async () => {
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('searchbox', { name: 'Serial number' }).fill(serialNumber);
    await expect(page).toHaveURL(new RegExp(`serial=.*${serialNumber}`));
    const shown = grouped(serialNumber);
    const sentences = [
      `A code of token ${shown} was accepted for ${userName}`,
      `${userName} confirmed token ${shown} with its first code`,
      `Token ${shown} was activated on Pocket phone`,
      `A phone (Pocket phone) scanned the code for token ${shown}`,
      `${userName} opened a QR code for token ${shown}`,
      `admin distributed token ${shown} to ${userName} with «${profileName}»`,
      `admin assigned token ${shown} to ${userName}`,
      `admin made token ${shown}`,
    ];
    await expect(page.getByRole('listitem')).toHaveCount(sentences.length);
    for (const [index, sentence] of sentences.entries()) {
      await expect(page.getByRole('listitem').nth(index)).toContainText(sentence);
    }
  });
});
