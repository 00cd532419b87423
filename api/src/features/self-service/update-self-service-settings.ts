import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { changeSettings } from '../settings/change-settings.ts';
import { readSettings, type Settings } from '../settings/read-settings.ts';
import { checkOffers, listOffers, type OfferInput, replaceOffers } from './profile-offers.ts';

export type SelfServiceInput = {
  /** Keeps what is known of each; `offers` says more. */
  requestableProfileIds?: readonly string[] | null | undefined;
  /** Null takes the default away; it must be one of the profiles. */
  defaultProfileId?: string | null | undefined;
  offers?: readonly OfferInput[] | null | undefined;
} & {
  [Field in
    | 'allowActivationLinkByEmail'
    | 'codeInMail'
    | 'requestsEnabled'
    | 'activationEnabled'
    | 'testEnabled'
    | 'allowFileDelivery'
    | 'qrMinutes'
    | 'linkMinutes'
    | 'expiringDays']?: Settings[Field] | null | undefined;
};

/**
 * Changes what people can do in self-service; only what is given.
 * @throws Failure InvalidInput · NotFound · InvalidState `mail.not_configured` where links are to be mailed and no mail
 *   server is set, `token_profile.retired`, `token_profile.files_not_allowed`
 */
export async function updateSelfServiceSettings(
  deps: ActionDeps,
  input: SelfServiceInput,
): Promise<Settings> {
  const { requestableProfileIds, defaultProfileId, offers, ...given } = input;
  const list = offers ?? requestableProfileIds?.map((profileId) => ({ profileId }));
  const checks = new FieldChecks()
    .within(given.qrMinutes, [1, 10], 'qrMinutes', 'qr_minutes.range', 'A QR code lives 1 to 10 minutes.')
    .within(
      given.linkMinutes,
      [5, 1440],
      'linkMinutes',
      'link_minutes.range',
      'A mailed link lives 5 minutes to a day (1440).',
    )
    .within(given.expiringDays, [1, 365], 'expiringDays', 'expiring_days.range', '1 to 365 days.');
  if (list) checkOffers(checks, list);
  checks.done();
  if ((given.allowActivationLinkByEmail || given.codeInMail) && !deps.mail) {
    throw new Failure(
      'InvalidState',
      'mail.not_configured',
      'Links cannot be mailed while no mail server is set. Set SMTP_URL and start Symbolon again, then switch this on.',
    );
  }
  return deps.db.transaction(async (tx) => {
    const changes = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== null && value !== undefined),
    );
    // First: whether files may be offered is asked below.
    await changeSettings(tx, deps, changes);
    if (list) await replaceOffers(tx, deps, list);
    return changeSettings(tx, deps, await defaultProfile(tx, defaultProfileId, list !== undefined));
  });
}

/** The default is one of the offers; one that is offered no longer is the default no longer. */
async function defaultProfile(
  tx: Transaction,
  wanted: string | null | undefined,
  listChanged: boolean,
): Promise<Partial<Settings>> {
  if (wanted === undefined && !listChanged) return {};
  const offered = (await listOffers(tx)).map(({ profileId }) => profileId);
  if (wanted && !offered.includes(wanted)) {
    throw new Failure(
      'InvalidState',
      'token_profile.not_offered',
      'The default is one of the profiles that can be asked for. Add it first.',
    );
  }
  if (wanted !== undefined) return { defaultProfileId: wanted };
  const present = (await readSettings(tx)).defaultProfileId;
  return present && !offered.includes(present) ? { defaultProfileId: null } : {};
}
