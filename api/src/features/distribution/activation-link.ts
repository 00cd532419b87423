import { fillLinkTemplate, linkValues } from '@symbolon/ct-kip/link-template';
import { keyFingerprint } from '@symbolon/ct-kip/server-key';
import type { Queryable } from '../../db/client.ts';
import type { Deps } from '../../lib/deps.ts';
import { serverKey } from '../activation/server-keys.ts';
import type { DeviceDefinitionRow } from '../device-definitions/table.ts';

/** Where phones of a dialect reach CT-KIP. It follows from the configured public URL and nothing else. */
export const ctKipUrl = (
  { config }: Pick<Deps, 'config'>,
  { dialect }: Pick<DeviceDefinitionRow, 'dialect'>,
): string => `${config.publicUrl}${dialect === 'RSA' ? '/ctkip/services/CtkipService' : '/ctkip'}`;

/** The link that a device type's app takes for a delivery method, with the code in it. */
export async function activationLink(
  db: Queryable,
  deps: Deps,
  definition: DeviceDefinitionRow,
  input: { deliveryMethod: 'CT_KIP_QR' | 'CT_KIP_URL'; code: string },
): Promise<string> {
  const template = definition.linkTemplates[input.deliveryMethod];
  if (!template)
    throw new Error(`${definition.deviceType} has no link template for ${input.deliveryMethod}.`);
  const key = template.includes('{key}') ? await serverKeyOf(db, deps, definition) : undefined;
  return fillLinkTemplate(template, { ...linkValues(ctKipUrl(deps, definition)), code: input.code, key });
}

/** Fingerprint of the server key that phones of a device type meet. */
export async function serverKeyOf(
  db: Queryable,
  deps: Deps,
  { dialect, serverKeyBits: bits }: Pick<DeviceDefinitionRow, 'dialect' | 'serverKeyBits'>,
): Promise<string> {
  return keyFingerprint((await serverKey(db, deps, { dialect, scheme: 'oaep', bits })).modulus);
}
