import { type DeviceFacts, factOf, silentDevice } from './device-facts.ts';
import { utf8 } from './octets.ts';
import { readXml } from './xml.ts';
import { escapeText } from './xml-text.ts';

/** How a token uses its PIN: `PINPAD`: the app adds it into the code; `FOB`: typed before the code; or `NONE`. */
export type PinStyle = 'PINPAD' | 'FOB' | 'NONE';

const noDocument = '<?xml version="1.0"?><ProvisioningData/>';

/**
 * Looks for device facts in a client's ProvisioningData. Never throws: RSA's clients may send what is no XML at all,
 * and then nothing is known of the device. Values over 200 characters or with control characters are left out.
 */
export function readDeviceFacts(provisioningData: Uint8Array): DeviceFacts {
  try {
    const root = readXml(provisioningData);
    return {
      class: factOf(root, 'DeviceClass'),
      id: factOf(root, 'DeviceID'),
      name: factOf(root, 'DeviceName'),
    };
  } catch {
    return silentDevice;
  }
}

/** The ProvisioningData of our own client, with the device facts that are given. */
export function writeClientProvisioningData(device: Partial<DeviceFacts>): Uint8Array {
  const facts = [
    ['DeviceClass', device.class],
    ['DeviceID', device.id],
    ['DeviceName', device.name],
  ] as const;
  const elements = facts.map(([name, text]) =>
    text === undefined ? '' : `<${name}>${escapeText(text)}</${name}>`,
  );
  return utf8(
    `<?xml version="1.0"?><ProvisioningData><Version>1.0.0.0</Version><Manufacturer>Symbolon</Manufacturer>` +
      `<FormFactor/>${elements.join('')}</ProvisioningData>`,
  );
}

/**
 * The ProvisioningData that goes with ServerHello: the client's, unchanged; where it sent none, an empty document,
 * because clients stumble over an empty element.
 */
export function echoProvisioningData(sent: Uint8Array): Uint8Array {
  return sent.length === 0 ? utf8(noDocument) : sent;
}

/**
 * The ProvisioningData that goes with ServerFinished: the token's PIN style. AddPIN is 1 only where the app adds the
 * PIN into the code; PinType is 0 in everything seen.
 */
export function writePinProvisioningData(pinStyle: PinStyle): Uint8Array {
  const addPin = pinStyle === 'PINPAD' ? 1 : 0;
  return utf8(
    `<?xml version="1.0"?>\n<ProvisioningData>\n<PinType>0</PinType><AddPIN>${addPin}</AddPIN></ProvisioningData>\n`,
  );
}

/** Whether a server's ProvisioningData asks the app to add the PIN into the code; no for what cannot be read. */
export function readAddPin(provisioningData: Uint8Array): boolean {
  try {
    return factOf(readXml(provisioningData), 'AddPIN') === '1';
  } catch {
    return false;
  }
}
