import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import type { Person } from '../../../test/kit.ts';
import { type MailScene, startMailScene, wordsOf } from '../../../test/mail-scene.ts';
import { approve, ask, requestScene } from '../../../test/requests-scene.ts';
import { tokensFor } from '../../../test/scene.ts';
import { expireRequests } from '../requests/expire-requests.ts';
import { updateUser } from '../users/update-user.ts';

let scene: MailScene;
let requests: Awaited<ReturnType<typeof requestScene>>;
let anna: Person;
let bert: Person;
let names = 0;
beforeAll(async () => {
  scene = await startMailScene();
  requests = await requestScene(scene.api);
  anna = await scene.person('anna', ['REQUEST_APPROVER']);
  bert = await scene.person('bert', ['REQUEST_APPROVER']);
  await scene.person('dora', ['TOKEN_DISTRIBUTOR']);
  await scene.person('auditor', ['AUDITOR']);
  await scene.person('helper', ['HELP_DESK']);
  // An approver whom nobody can write to.
  await scene.person('silent', ['REQUEST_APPROVER'], null);
  await scene.person('bystander');
});
beforeEach(async () => {
  await requests.policy({ approvalSteps: 1, distributionStep: false });
  await scene.arrived();
});
afterAll(() => scene.close());

/** Who was mailed what since this was asked last, in no order. */
const told = async () =>
  (await scene.arrived()).map(({ recipients, subject }) => `${recipients.join()}: ${subject}`).toSorted();
const mailTo = async (name: string) =>
  (await scene.arrived()).find(({ recipients }) => recipients.includes(`${name}@example.org`))!;

async function asked() {
  const name = `ulla${++names}`;
  const requester = await scene.person(name);
  const { tokenRequest } = await ask(requester, requests.qr);
  return { name, requester, requestId: tokenRequest.id as string, address: `${name}@example.org` };
}
/** The same, whose first mails have gone. */
async function waiting() {
  const made = await asked();
  await scene.arrived();
  return made;
}

describe('a request', () => {
  it('tells the requester, and the approvers that it waits for them, and nobody else', async () => {
    const { name, address } = await asked();
    expect(await told()).toEqual(
      [
        `${address}: You asked for a new token`,
        `anna@example.org: ${name} Test asks for a new token`,
        `bert@example.org: ${name} Test asks for a new token`,
      ].toSorted(),
    );
  });

  it('of an approver goes to the others only', async () => {
    const { tokenRequest } = await ask(anna, requests.qr);
    expect(await told()).toEqual([
      'anna@example.org: You asked for a new token',
      'bert@example.org: anna Test asks for a new token',
    ]);
    await act(anna, 'cancelTokenRequest', { requestId: tokenRequest.id });
  });

  it('that is approved says so, with the comment and what to do, and never the note', async () => {
    await requests.stock(1);
    const { name, requestId } = await waiting();
    await approve(anna, requestId, { comment: 'Welcome aboard.', note: 'Checked the passport.' });
    const mails = await scene.arrived();
    expect(mails.map(({ subject }) => subject)).toEqual(['Your request is approved: activate your token']);
    const [mail] = mails;
    expect(mail!.recipients).toEqual([`${name}@example.org`]);
    expect(mail!.text).toContain('needs activation');
    expect(mail!.text).toContain('anna Test adds: Welcome aboard.');
    expect(mail!.text).toContain('http://localhost:4000/my');
    expect(wordsOf(mail)).not.toContain('passport');
  });

  it('that is approved while no token is free says that it follows; and again when it does', async () => {
    const { address, requestId, name } = await waiting();
    expect(await approve(anna, requestId)).toMatchObject({ tokenRequest: { status: 'WAITING_FOR_TOKEN' } });
    expect(await told()).toEqual(
      [
        `${address}: Your request is approved`,
        // She may give it a token.
        `dora@example.org: ${name} Test asks for a new token`,
      ].toSorted(),
    );
    await requests.stock(1);
    const mails = await told();
    expect(mails).toEqual([expect.stringMatching(/: Your token \d{4} \d{4} \d{4} is ready to activate$/)]);
    expect(mails[0]).toContain(address);
  });

  it('that is rejected says why', async () => {
    const { name, requestId } = await waiting();
    await act(anna, 'rejectTokenRequest', { requestId, comment: 'Not in your team.', note: 'He left.' });
    const mail = await mailTo(name);
    expect(mail.subject).toBe('Your request is rejected');
    expect(mail.text).toContain('anna Test adds: Not in your team.');
    expect(wordsOf(mail)).not.toContain('He left');
    expect(await told()).toEqual([]);
  });

  it('that is rejected without a comment has no empty line about one', async () => {
    const { name, requestId } = await waiting();
    await act(anna, 'rejectTokenRequest', { requestId });
    expect((await mailTo(name)).text).not.toContain('adds:');
  });

  it('that is deferred, and that is cancelled, tell the requester', async () => {
    const { requester, requestId, address } = await waiting();
    await act(bert, 'deferTokenRequest', { requestId, comment: 'On Monday.' });
    expect(await told()).toEqual([`${address}: Your request is decided later`]);
    await act(requester, 'cancelTokenRequest', { requestId });
    expect(await told()).toEqual([`${address}: Your request is cancelled`]);
  });

  it('that nobody decides in time has expired, which is told once', async () => {
    await requests.policy({ requestDays: 1 });
    const { address } = await waiting();
    await requests.policy({ requestDays: 14 });
    scene.api.clock.advance(24 * 3600 - 60);
    await expireRequests(scene.api.system);
    expect(await told()).toEqual([]);
    scene.api.clock.advance(61);
    await Promise.all([expireRequests(scene.api.system), expireRequests(scene.api.system)]);
    expect(await told()).toEqual([`${address}: Your request has expired`]);
    // Their sessions have ended with the day.
    anna = await scene.person('anna2', ['REQUEST_APPROVER']);
    bert = await scene.person('bert2', ['REQUEST_APPROVER']);
  });

  it('that waits for a token, and cannot be carried out when there is one, says what stands in the way', async () => {
    const { requester, requestId, name } = await waiting();
    await approve(anna, requestId);
    await scene.arrived();
    // Meanwhile an administrator gives as many as one may have.
    await tokensFor(scene.api, requester.id, 3);
    await scene.arrived();
    await requests.stock(1);
    const mails = await scene.arrived();
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      recipients: [`${name}@example.org`],
      subject: 'Your request could not be carried out',
    });
    expect(mails[0]!.text).toMatch(/What stood in the way: .*3/);
  });
});

describe('several steps', () => {
  it('tell those who may make the next decision: not who has approved already', async () => {
    await requests.policy({ approvalSteps: 2 });
    await requests.stock(1);
    const { requestId, address, name } = await waiting();
    await approve(anna, requestId);
    const second = await told();
    expect(second).toContain(`bert2@example.org: ${name} Test asks for a new token`);
    expect(second.filter((line) => line.startsWith('anna2@') || line.startsWith(address))).toEqual([]);
    await approve(bert, requestId);
    expect(await told()).toEqual([`${address}: Your request is approved: activate your token`]);
  });

  it('tell distributors only when a token is to be given out, and then the requester', async () => {
    await requests.policy({ distributionStep: true });
    await requests.stock(1);
    const { requestId, address, name } = await asked();
    expect(await told()).not.toContain(`dora@example.org: ${name} Test asks for a new token`);
    await approve(anna, requestId);
    expect(await told()).toEqual(
      [
        `${address}: Your request is approved`,
        `dora@example.org: ${name} Test asks for a new token`,
      ].toSorted(),
    );
  });

  it('none: the requester is told that it is approved, and nobody is asked', async () => {
    await requests.policy({ approvalSteps: 0 });
    await requests.stock(1);
    const { address } = await asked();
    expect(await told()).toEqual([`${address}: Your request is approved: activate your token`]);
  });
});

describe('nothing is mailed', () => {
  it('when a decision comes too late', async () => {
    await requests.stock(1);
    const { requestId } = await waiting();
    await approve(anna, requestId);
    await scene.arrived();
    expect(await approve(bert, requestId)).toMatchObject({ __typename: 'Conflict' });
    expect(await act(bert, 'rejectTokenRequest', { requestId })).toMatchObject({ __typename: 'Conflict' });
    expect(await told()).toEqual([]);
  });

  it('to approvers who were disabled or lost the role', async () => {
    const gone = await scene.person('gone', ['REQUEST_APPROVER']);
    const former = await scene.person('former', ['REQUEST_APPROVER']);
    await updateUser(scene.api.system, { userId: gone.id, enabled: false });
    await updateUser(scene.api.system, { userId: former.id, roles: [] });
    await asked();
    const lines = await told();
    expect(lines.some((line) => line.startsWith('bert2@'))).toBe(true);
    expect(lines.filter((line) => /^(gone|former)@/.test(line))).toEqual([]);
  });

  it('to a requester without an address, whose request is decided all the same', async () => {
    await requests.stock(1);
    const requester = await scene.person('mute', [], null);
    const { tokenRequest } = await ask(requester, requests.qr);
    expect(await approve(anna, tokenRequest.id)).toMatchObject({ tokenRequest: { status: 'APPROVED' } });
    expect((await told()).filter((line) => !line.includes('asks for'))).toEqual([]);
  });
});
