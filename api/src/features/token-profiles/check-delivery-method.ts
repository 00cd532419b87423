import { and, arrayContains, ne } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import { Failure } from '../../lib/failure.ts';
import type { DeliveryMethod } from '../device-definitions/device-definition.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../device-definitions/table.ts';

const NAMED = 5;

/**
 * The method, if the device type can do it.
 * @throws Failure Unsupported `delivery_method.not_of_device`, which says what could
 */
export async function checkDeliveryMethod(
  db: Queryable,
  definition: DeviceDefinitionRow,
  method: DeliveryMethod,
): Promise<DeliveryMethod> {
  const { deviceType } = definition;
  if (definition.deliveryMethods.includes(method)) return method;

  const others = await otherDeviceTypes(db, definition, method);
  const cannot = {
    CT_KIP_QR: 'scan QR codes',
    CTF: 'take a token as a CTF string',
    FILE: 'take a token as a file',
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
  method: DeliveryMethod,
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
