import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps, Deps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { type MailEvent, mailEventFacts, mailEvents } from './mail-events.ts';
import type { TemplateText } from './outgoing-mail.ts';
import { templateProblems } from './render-mail.ts';
import { shippedTemplates } from './shipped-templates.ts';
import { mailTemplates } from './table.ts';

/** The text in force for an event, or a profile's own. */
export type MailTemplate = TemplateText & { event: MailEvent; profileId: string | null; changed: boolean };

type Place = { event: MailEvent; profileId?: string | null | undefined };

/** The text of every event, then those that profiles have of their own. */
export async function listMailTemplates({ db }: Deps): Promise<MailTemplate[]> {
  const rows = await db.select().from(mailTemplates).orderBy(mailTemplates.event);
  const general = mailEvents.map((event) => {
    const row = rows.find((own) => own.event === event && own.profileId === null);
    return { ...(row ?? shippedTemplates[event]), event, profileId: null, changed: row !== undefined };
  });
  const ofProfiles = rows.filter(({ profileId }) => profileId).map((row) => ({ ...row, changed: true }));
  return [...general, ...ofProfiles];
}

/**
 * Sets the text of an event's mail, for all profiles or for one.
 * @throws Failure InvalidInput that names unknown variables, addresses and the rest · NotFound
 */
export async function updateMailTemplate(
  deps: ActionDeps,
  input: Place & TemplateText,
): Promise<MailTemplate> {
  const { event, profileId = null } = input;
  const text = { subject: input.subject.trim(), body: input.body.trim() };
  const problems = templateProblems(event, text);
  new FieldChecks()
    .require(problems.length === 0, 'body', 'mail_template.invalid', problems.join(' '))
    .require(
      profileId === null || mailEventFacts[event].perProfile,
      'profileId',
      'mail_template.not_per_profile',
      'This mail is the same for all profiles.',
    )
    .done();
  return deps.db.transaction(async (tx) => {
    const profile = await profileName(tx, profileId);
    await tx.delete(mailTemplates).where(isAt({ event, profileId }));
    await tx.insert(mailTemplates).values({ id: newId(deps), event, profileId, ...text });
    await recordAudit(tx, deps, { action: 'mail_template.updated', details: { event, profile } });
    return { ...text, event, profileId, changed: true };
  });
}

/** Takes the shipped text back, or, for a profile, the text of all. @throws Failure NotFound */
export async function resetMailTemplate(deps: ActionDeps, input: Place): Promise<MailTemplate> {
  const { event, profileId = null } = input;
  return deps.db.transaction(async (tx) => {
    const profile = await profileName(tx, profileId);
    const gone = await tx.delete(mailTemplates).where(isAt({ event, profileId })).returning();
    if (gone.length > 0) {
      await recordAudit(tx, deps, { action: 'mail_template.reset', details: { event, profile } });
    }
    const [general] = profileId
      ? await tx
          .select()
          .from(mailTemplates)
          .where(isAt({ event, profileId: null }))
      : [];
    return { ...(general ?? shippedTemplates[event]), event, profileId, changed: false };
  });
}

const isAt = ({ event, profileId }: { event: MailEvent; profileId: string | null }) =>
  and(
    eq(mailTemplates.event, event),
    profileId === null ? isNull(mailTemplates.profileId) : eq(mailTemplates.profileId, profileId),
  );

async function profileName(tx: Transaction, profileId: string | null): Promise<string | undefined> {
  if (profileId === null) return undefined;
  const [profile] = await tx.select().from(tokenProfiles).where(eq(tokenProfiles.id, profileId));
  if (!profile) throw new Failure('NotFound', 'token_profile.not_found', 'There is no such token profile.');
  return profile.name;
}
