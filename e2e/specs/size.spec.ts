import { expect, signInAs, test } from '../support/test.ts';

test('Self-service loads little: JavaScript as served, with and without the activation dialog', async ({
  page,
  context,
  api,
  qrProfile,
}) => {
  const person = await api.makePerson();
  await api.makeWaitingToken(person, qrProfile);
  await signInAs(page, person);

  // A page of its own, so that nothing of the sign-in is counted or remembered.
  const fresh = await context.newPage();
  const network = await context.newCDPSession(fresh);
  await network.send('Network.enable');
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  const scripts = new Set<string>();
  let octets = 0;
  network.on(
    'Network.responseReceived',
    ({ requestId, type }) => type === 'Script' && scripts.add(requestId),
  );
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) octets += encodedDataLength;
  });

  await fresh.goto('/my');
  const activate = fresh.getByRole('link', { name: 'Activate your token' });
  await expect(activate).toBeVisible();
  await fresh.waitForLoadState('networkidle');
  expect(octets, 'the first view of /my').toBeGreaterThan(50_000);
  expect(octets, 'the first view of /my').toBeLessThanOrEqual(230_000);

  await activate.click();
  await expect(fresh.getByTestId('activation-qr')).toBeVisible();
  await fresh.waitForLoadState('networkidle');
  expect(octets, 'with the activation dialog').toBeLessThanOrEqual(260_000);
  test.info().annotations.push({ type: 'octets', description: String(octets) });
});
