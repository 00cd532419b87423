import { expect, REFUSED_REQUEST, signInAsAdmin, test } from '../support/test.ts';

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
  // The editor is loaded behind the page.
  await expect(page.locator('.graphiql-query-editor')).toContainText('query Me', { timeout: 30_000 });
  await page.getByRole('button', { name: /Execute query/ }).click();
  const answer = page.getByRole('region', { name: 'Result Window' });
  await expect(answer).toContainText(person.userName);
  await expect(answer).toContainText('AUDIT_READ');
  const wide = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(async () => (await answer.boundingBox())!.width).toBeGreaterThan(250);
  await page.setViewportSize(wide);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await expect(page.getByRole('link', { name: 'Mutation', exact: true })).toBeVisible();
  // What was typed may hold a password.
  expect(
    await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('graphiql'))),
  ).toEqual([]);
});

test('With documents of others switched off our own pages go on, and nothing else is asked in a session', async ({
  page,
  api,
  browserConsole,
}) => {
  browserConsole.allow(REFUSED_REQUEST);
  const person = await api.makePerson();
  await api.makeTokenFor(person);
  await signInAsAdmin(page, '/admin/setup');
  const takes = page.getByRole('switch', { name: /Take GraphQL documents of others/ });
  await takes.click();
  await expect(takes).not.toBeChecked();
  try {
    const foreign = () =>
      page.evaluate(async () => {
        const response = await fetch('/graphql', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ query: '{ users(first: 1) { nodes { email } } }' }),
        });
        return ((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0]
          ?.extensions.code;
      });
    expect(await foreign()).toBe('FORBIDDEN');
    await page.goto('/explorer/');
    await expect(page.getByText('An administrator has switched documents of others off here')).toBeVisible();
    for (const [path, heading] of [
      ['/admin/users', 'Users'],
      ['/admin/tokens', 'Tokens'],
      ['/admin/requests', 'Requests'],
      ['/admin/profiles', 'Token profiles'],
      ['/admin/audit', 'Audit log'],
      ['/my', 'My Authenticators'],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
      await expect(page.getByRole('alert')).toHaveCount(0);
    }
  } finally {
    await page.goto('/admin/setup');
    await takes.click();
    await expect(takes).toBeChecked();
  }
});
