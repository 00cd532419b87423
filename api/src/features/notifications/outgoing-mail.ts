import { and, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import type { Deps } from '../../lib/deps.ts';
import { mailedSecrets } from '../activation/mailed-secrets.ts';
import { readBranding } from '../settings/read-settings.ts';
import type { MailEvent } from './mail-events.ts';
import { mailEventFacts } from './mail-events.ts';
import { maskValues, renderMail } from './render-mail.ts';
import { shippedTemplates } from './shipped-templates.ts';
import { type MailRow, mailTemplates } from './table.ts';

export type RenderedMail = { subject: string; text: string; html: string };
export type TemplateText = { subject: string; body: string };

/** The text in force for an event: a profile's own, else the installation's, else as shipped. */
export async function templateOf(
  db: Queryable,
  event: MailEvent,
  profileId: string | null,
): Promise<TemplateText> {
  const [own] = profileId
    ? await db
        .select()
        .from(mailTemplates)
        .where(and(eq(mailTemplates.event, event), eq(mailTemplates.profileId, profileId)))
    : [];
  if (own) return own;
  const [general] = await db
    .select()
    .from(mailTemplates)
    .where(and(eq(mailTemplates.event, event), isNull(mailTemplates.profileId)));
  return general ?? shippedTemplates[event];
}

/** What every mail may name; links are built from the configured addresses and nothing else. */
export async function commonValues(deps: Deps): Promise<Record<string, string>> {
  const { productName } = await readBranding(deps.db);
  return {
    productName,
    selfServiceLink: `${deps.config.publicUrl}/my`,
    queueLink: `${deps.config.adminUrl}/admin/requests`,
  };
}

/** A mail as it leaves, or null when the link or code that it should carry is valid no longer. */
export async function renderOutgoing(deps: Deps, mail: MailRow): Promise<RenderedMail | null> {
  const isSecret = mailEventFacts[mail.event].variables.some(({ secret }) => secret);
  const secrets = isSecret ? await mailedSecrets(deps, mail) : {};
  return secrets ? render(deps, mail, secrets) : null;
}

/** The same for the outbox: secrets are masked, unless this is the demo on this very machine. */
export async function renderForOutbox(deps: Deps, mail: MailRow): Promise<RenderedMail> {
  const isRevealed = deps.config.demo === true && !deps.mail;
  const secrets = (isRevealed ? await mailedSecrets(deps, mail) : null) ?? {};
  return render(deps, mail, secrets);
}

async function render(deps: Deps, mail: MailRow, secrets: Record<string, string>): Promise<RenderedMail> {
  const masked = maskValues(mail.event, {
    activationLink: 'masked',
    ctKipUrl: 'masked',
    activationCode: 'masked',
  });
  const values = { ...(await commonValues(deps)), ...masked, ...mail.values, ...secrets };
  return renderMail(mail.event, await templateOf(deps.db, mail.event, mail.profileId), values);
}
