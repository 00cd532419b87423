import { LinkError } from '@symbolon/ct-kip/link-error';
import { checkLinkTemplate } from '@symbolon/ct-kip/link-template';
import type { XmlElement } from '@symbolon/ct-kip/xml';
import {
  codeFormats,
  deliveryMethods,
  type DeviceDefinition,
  dialects,
  hashAlgorithms,
  pinStyles,
  platforms,
  tokenAlgorithms,
} from './device-definition.ts';
import {
  badDefinition,
  itemsOf,
  listOf,
  matching,
  oneOf,
  readParts,
  refuseAttributes,
  required,
  textOf,
} from './device-definition-xml.ts';
import { refuseImpossible } from './refuse-impossible.ts';

const names = new Set([
  'deviceType',
  'deviceClass',
  'algorithms',
  'tokencodeLengths',
  'tokencodeIntervals',
  'pinStyles',
  'deliveryMethods',
  'linkTemplates',
  'codeFormat',
  'tellsDeviceId',
  'serverKeyBits',
  'dialect',
  'allowsRsa15',
  'hashAlgorithms',
  'appDownloadUrl',
  'platform',
]);

const guid = /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;

/**
 * Reads a device definition file.
 * @param source XML, at most 256 KiB
 * @throws Failure BadFile `device_definition.invalid` with the line and the reason
 */
export function parseDeviceDefinition(source: string): DeviceDefinition {
  const parts = readParts(source, names);
  const part = (name: string) => required(parts, name);
  const chosen = <const Value extends string>(
    name: string,
    values: readonly Value[],
    absent: NoInfer<Value>,
  ) => {
    const element = parts.get(name);
    return element ? oneOf(element, values) : absent;
  };
  const definition: DeviceDefinition = {
    deviceType: matching(part('deviceType'), /^\P{C}{1,64}$/u, 'A device type has 1 to 64 characters.'),
    deviceClass: matching(
      part('deviceClass'),
      guid,
      'A device class is a GUID like 556f1985-33dd-442c-9155-3a0e994f21b1.',
    )
      .replace(/[{}]/g, '')
      .toLowerCase(),
    algorithms: listOf(part('algorithms'), 'algorithm', tokenAlgorithms),
    tokencodeLengths: numbers(part('tokencodeLengths'), 'tokencodeLength', ['6', '8']),
    tokencodeIntervals: numbers(part('tokencodeIntervals'), 'tokencodeInterval', ['30', '60']),
    pinStyles: listOf(part('pinStyles'), 'pinStyle', pinStyles),
    deliveryMethods: listOf(part('deliveryMethods'), 'deliveryMethod', deliveryMethods),
    linkTemplates: linkTemplates(parts.get('linkTemplates')),
    codeFormat: oneOf(part('codeFormat'), codeFormats),
    tellsDeviceId: oneOf(part('tellsDeviceId'), ['true', 'false']) === 'true',
    serverKeyBits: Number(oneOf(part('serverKeyBits'), ['1024', '2048'])),
    dialect: chosen('dialect', dialects, 'RSA'),
    allowsRsa15: chosen('allowsRsa15', ['true', 'false'], 'false') === 'true',
    hashAlgorithms: hashesOf(parts.get('hashAlgorithms')),
    appDownloadUrl: downloadUrl(parts.get('appDownloadUrl')),
    platform: chosen('platform', platforms, 'OTHER'),
  };
  refuseImpossible(definition, parts);
  return definition;
}

const numbers = (element: XmlElement, item: string, values: string[]): number[] =>
  listOf(element, item, values)
    .map(Number)
    .toSorted((a, b) => a - b);

function linkTemplates(element: XmlElement | undefined): DeviceDefinition['linkTemplates'] {
  const templates: DeviceDefinition['linkTemplates'] = {};
  for (const child of element ? itemsOf(element, 'linkTemplate') : []) {
    refuseAttributes(child, 'deliveryMethod');
    const method = child.attributes.get('deliveryMethod');
    if (method !== 'CT_KIP_QR' && method !== 'CT_KIP_URL') {
      throw badDefinition(child.line, 'A linkTemplate names its deliveryMethod: CT_KIP_QR or CT_KIP_URL.');
    }
    if (templates[method] !== undefined) {
      throw badDefinition(child.line, `There are two link templates for ${method}.`);
    }
    const template = textOf(child);
    try {
      checkLinkTemplate(template);
    } catch (error) {
      if (error instanceof LinkError) throw badDefinition(child.line, `${error.message}.`);
      throw error;
    }
    templates[method] = template;
  }
  return templates;
}

const hashesOf = (element: XmlElement | undefined): DeviceDefinition['hashAlgorithms'] =>
  element ? listOf(element, 'hashAlgorithm', hashAlgorithms) : ['SHA1'];

function downloadUrl(element: XmlElement | undefined): string | null {
  if (!element) return null;
  const text = textOf(element);
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username || url.password || text.length > 500) {
    throw badDefinition(element.line, 'appDownloadUrl is an https address of at most 500 characters.');
  }
  return url.href;
}
