import { CtKipError } from '@symbolon/ct-kip/errors';
import { expect } from 'vitest';
import { distributeToken } from '../src/features/distribution/distribute-token.ts';
import { updateSelfServiceSettings } from '../src/features/self-service/update-self-service-settings.ts';
import { act } from './act.ts';
import type { Person } from './kit.ts';
import type { MailScene } from './mail-scene.ts';
import type { ReceivedMail } from './mail-server.ts';
import { scan } from './phone.ts';
import { profiles, tokensFor } from './scene.ts';

const SENT = 'sentTo number activation { id state byLink sentTo deskNumber secondsLeft }';
const OPENED = 'link serialNumber deviceType minutesLeft';

/** Asks for the mail with the link; answers the union's member. */
export const send = (owner: Person, tokenId: string) => act(owner, 'sendActivationLink', { tokenId }, SENT);

/** Opens a mailed link as this person; answers the union's member. */
export const open = (person: Person, { ticket, number }: { ticket: string; number?: string }) =>
  act(person, 'openActivationLink', { ticket, number }, OPENED);

/** What the fragment of the link in a mail holds. */
export const ticketIn = (mail: ReceivedMail | undefined): string =>
  /\/activate#([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? expect.fail(`no link in: ${mail?.text}`);

/** Six other digits. */
export const otherNumber = (number: string, by = 1): string =>
  String((Number(number) + by) % 1_000_000).padStart(6, '0');

/** Whether CT-KIP refuses the code in a link. */
export async function isRefused(url: string, link: string): Promise<boolean> {
  const error = await scan(url, link).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error && !(error instanceof CtKipError)) throw error;
  return error !== undefined;
}

/** Owners whose tokens wait for a phone, where links may be mailed. */
export async function linkScene(scene: MailScene) {
  const { api } = scene;
  const { qr, url } = await profiles(api);
  await updateSelfServiceSettings(api.system, { allowActivationLinkByEmail: true });
  let names = 0;
  const waiting = async ({
    profileId = qr.id,
    email,
  }: {
    profileId?: string;
    email?: string | null;
  } = {}) => {
    names += 1;
    const owner = await scene.person(`owner${names}`, [], email);
    const [token] = await tokensFor(api, owner.id);
    await distributeToken(api.system, { tokenId: token!.id, profileId });
    await scene.arrived();
    const address = `owner${names}@example.org`;
    return { owner, token: token!, tokenId: `Token_${token!.id}`, address };
  };
  return {
    qr,
    url,
    waiting,
    /** An owner to whom a link was mailed. */
    async mailed() {
      const made = await waiting();
      const sent = await send(made.owner, made.tokenId);
      expect(sent).toMatchObject({ __typename: 'SendActivationLinkSuccess' });
      const [mail] = await scene.arrived();
      return {
        ...made,
        mail: mail!,
        ticket: ticketIn(mail),
        number: sent.number as string,
        activationId: sent.activation.id as string,
      };
    },
  };
}
