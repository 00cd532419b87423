import { expect, test } from '../support/test.ts';

test('Whoever is signed in tries the API in the explorer; whoever is not, signs in first', async ({
  page,
  api,
}) => {
  const person = await api.makePerson({ roles: ['AUDITOR'] });
  await page.goto('/explorer');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel('User name').fill(person.userName);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/explorer\/$/);
  await page.getByRole('button', { name: /Execute query/ }).click();
  const answer = page.getByRole('region', { name: 'Result Window' });
  await expect(answer).toContainText(person.userName);
  await expect(answer).toContainText('AUDIT_READ');
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await expect(page.getByRole('link', { name: 'Mutation', exact: true })).toBeVisible();
  // What was typed may hold a password.
  expect(
    await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('graphiql'))),
  ).toEqual([]);
});
