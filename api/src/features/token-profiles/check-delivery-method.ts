import { and, arrayContains, ne } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import { Failure } from '../../lib/failure.ts';
import type { DeliveryMethod } from '../device-definitions/parse-device-definition.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../device-definitions/table.ts';

export type SupportedMethod = 'CT_KIP_QR' | 'CT_KIP_URL' | 'OTPAUTH_QR';

const inWords: Record<DeliveryMethod, string> = {
  CT_KIP_QR: 'QR code',
  CT_KIP_URL: 'URL',
  CTF: 'CTF',
  FILE: 'file',
  OTPAUTH_QR: 'otpauth QR code',
};
const NAMED = 5;

const isSupported = (method: DeliveryMethod): method is SupportedMethod =>
  method === 'CT_KIP_QR' || method === 'CT_KIP_URL' || method === 'OTPAUTH_QR';

/**
 * The method, if Symbolon and the device type can do it.
 * @throws Failure Unsupported `delivery_method.unsupported`, `delivery_method.not_of_device`; both say what would do
 */
export async function checkDeliveryMethod(
  db: Queryable,
  definition: DeviceDefinitionRow,
  method: DeliveryMethod,
): Promise<SupportedMethod> {
  const { deviceType } = definition;
  const choices = (definition.deliveryMethods as DeliveryMethod[]).filter(isSupported);
  if (!isSupported(method)) {
    const choice = choices.map((each) => inWords[each]).join(' or ');
    const advice = choice ? `Choose ${choice} for ${deviceType}` : 'Choose another device type';
    throw new Failure(
      'Unsupported',
      'delivery_method.unsupported',
      `Symbolon does not deliver by ${inWords[method]} yet. ${advice}.`,
      { deviceType, deliveryMethod: method, choices: choices.join(', ') },
    );
  }
  if (choices.includes(method)) return method;

  const others = await otherDeviceTypes(db, definition, method);
  const cannot = {
    CT_KIP_QR: 'scan QR codes',
    CT_KIP_URL: 'take a token by URL',
    OTPAUTH_QR: 'scan otpauth QR codes',
  }[method];
  throw new Failure(
    'Unsupported',
    'delivery_method.not_of_device',
    others
      ? `${deviceType} cannot ${cannot}; ${others} can.`
      : `${deviceType} cannot ${cannot}, and no device type here can.`,
    { deviceType, deliveryMethod: method, others },
  );
}

/** Device types that can do it: «Android 2.x and iOS 2.x». */
async function otherDeviceTypes(
  db: Queryable,
  definition: DeviceDefinitionRow,
  method: SupportedMethod,
): Promise<string> {
  const able = await db
    .select({ deviceType: deviceDefinitions.deviceType })
    .from(deviceDefinitions)
    .where(
      and(
        arrayContains(deviceDefinitions.deliveryMethods, [method]),
        ne(deviceDefinitions.id, definition.id),
      ),
    )
    .orderBy(deviceDefinitions.deviceTypeKey)
    .limit(NAMED + 1);
  const names = able.slice(0, NAMED).map(({ deviceType }) => deviceType);
  if (able.length > NAMED) names.push('others');
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join('');
}
