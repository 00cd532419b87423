import { CtKipError } from '@symbolon/ct-kip/errors';
import { LinkError } from '@symbolon/ct-kip/link-error';
import { checkLinkTemplate } from '@symbolon/ct-kip/link-template';
import { readXml, type XmlElement } from '@symbolon/ct-kip/xml';
import { Failure } from '../../lib/failure.ts';

export const deliveryMethods = ['CT_KIP_QR', 'CT_KIP_URL', 'CTF', 'FILE', 'OTPAUTH_QR'] as const;
export const tokenAlgorithms = ['SECURID', 'TOTP'] as const;
export const pinStyles = ['PINPAD', 'FOB', 'NONE'] as const;
export const codeFormats = ['DIGITS', 'OCTETS'] as const;
const keyBits = [1024, 2048, 3072, 4096] as const;
export type DeliveryMethod = (typeof deliveryMethods)[number];

/** What a definition file states; `docs/device-definition.md` describes the format. */
export type DeviceDefinition = {
  deviceType: string;
  /** GUID in lower case, without braces. */
  deviceClass: string;
  algorithms: (typeof tokenAlgorithms)[number][];
  tokencodeLengths: number[];
  /** Seconds. */
  tokencodeIntervals: number[];
  pinStyles: (typeof pinStyles)[number][];
  deliveryMethods: DeliveryMethod[];
  linkTemplates: Partial<Record<DeliveryMethod, string>>;
  codeFormat: (typeof codeFormats)[number];
  tellsDeviceId: boolean;
  serverKeyBits: number;
  appDownloadUrl: string | null;
};

const NAMESPACE = 'urn:symbolon:device-definition:1';
const LIMITS = { bytes: 256 * 1024, depth: 4, elements: 200, attributes: 4 };

const bad = (line: number | undefined, message: string) =>
  new Failure('BadFile', 'device_definition.invalid', message, line ? { line } : {}, line ? { line } : {});

/**
 * Reads a device definition file.
 * @param source XML, at most 256 KiB
 * @throws Failure BadFile `device_definition.invalid` with the line and the reason
 */
export function parseDeviceDefinition(source: string): DeviceDefinition {
  const root = readRoot(source);
  if (root.name !== 'deviceDefinition' || root.namespace !== NAMESPACE) {
    throw bad(root.line, `The root element is deviceDefinition in the namespace ${NAMESPACE}.`);
  }
  const parts = partsOf(root);
  const definition: DeviceDefinition = {
    deviceType: matching(
      required(parts, root, 'deviceType'),
      /^\P{C}{1,64}$/u,
      'A device type has 1 to 64 characters.',
    ),
    deviceClass: matching(
      required(parts, root, 'deviceClass'),
      /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i,
      'A device class is a GUID like 556f1985-33dd-442c-9155-3a0e994f21b1.',
    )
      .replace(/[{}]/g, '')
      .toLowerCase(),
    algorithms: list(required(parts, root, 'algorithms'), 'algorithm', tokenAlgorithms),
    tokencodeLengths: numbers(required(parts, root, 'tokencodeLengths'), 'tokencodeLength', ['6', '8']),
    tokencodeIntervals: numbers(required(parts, root, 'tokencodeIntervals'), 'tokencodeInterval', [
      '30',
      '60',
    ]),
    pinStyles: list(required(parts, root, 'pinStyles'), 'pinStyle', pinStyles),
    deliveryMethods: list(required(parts, root, 'deliveryMethods'), 'deliveryMethod', deliveryMethods),
    linkTemplates: linkTemplates(parts.get('linkTemplates')),
    codeFormat: oneOf(required(parts, root, 'codeFormat'), codeFormats),
    tellsDeviceId: oneOf(required(parts, root, 'tellsDeviceId'), ['true', 'false']) === 'true',
    serverKeyBits: Number(oneOf(required(parts, root, 'serverKeyBits'), keyBits.map(String))),
    appDownloadUrl: downloadUrl(parts.get('appDownloadUrl')),
  };
  refuseImpossible(definition, parts, root);
  return definition;
}

function readRoot(source: string): XmlElement {
  try {
    return readXml(source, LIMITS);
  } catch (error) {
    if (error instanceof CtKipError) throw bad(error.line, `${error.message}.`);
    throw error;
  }
}

const known = new Set([
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
  'appDownloadUrl',
]);

function partsOf(root: XmlElement): Map<string, XmlElement> {
  refuseAttributes(root, []);
  refuseText(root);
  const parts = new Map<string, XmlElement>();
  for (const child of root.children) {
    if (child.namespace !== NAMESPACE || !known.has(child.name)) {
      throw bad(child.line, `The element ${child.name} is not known here.`);
    }
    if (parts.has(child.name)) throw bad(child.line, `The element ${child.name} stands here twice.`);
    if (child.name !== 'linkTemplates') refuseAttributes(child, []);
    parts.set(child.name, child);
  }
  return parts;
}

function required(parts: Map<string, XmlElement>, root: XmlElement, name: string): XmlElement {
  const part = parts.get(name);
  if (!part) throw bad(root.line, `The element ${name} is missing.`);
  return part;
}

function refuseAttributes(element: XmlElement, allowed: string[]): void {
  const unknown = [...element.attributes.keys()].find((name) => !allowed.includes(name));
  if (unknown) throw bad(element.line, `The attribute ${unknown} of ${element.name} is not known here.`);
}

function refuseText(element: XmlElement): void {
  if (element.text.trim())
    throw bad(element.line, `The element ${element.name} holds elements only, and no text.`);
}

function textOf(element: XmlElement): string {
  if (element.children.length > 0) throw bad(element.line, `The element ${element.name} holds text only.`);
  return element.text.trim();
}

function matching(element: XmlElement, pattern: RegExp, message: string): string {
  const text = textOf(element);
  if (!pattern.test(text)) throw bad(element.line, message);
  return text;
}

function oneOf<const Value extends string>(element: XmlElement, values: readonly Value[]): Value {
  const text = textOf(element);
  const found = values.find((value) => value === text);
  if (found === undefined) {
    throw bad(
      element.line,
      `${element.name} is one of ${values.join(', ')}, and not «${text.slice(0, 40)}».`,
    );
  }
  return found;
}

function list<const Value extends string>(
  element: XmlElement,
  item: string,
  values: readonly Value[],
): Value[] {
  refuseText(element);
  if (element.children.length === 0) throw bad(element.line, `${element.name} holds at least one ${item}.`);
  const found: Value[] = [];
  for (const child of element.children) {
    if (child.name !== item || child.namespace !== NAMESPACE) {
      throw bad(child.line, `${element.name} holds ${item} elements, and no ${child.name}.`);
    }
    refuseAttributes(child, []);
    const value = oneOf(child, values);
    if (found.includes(value)) throw bad(child.line, `${value} stands here twice.`);
    found.push(value);
  }
  return found;
}

const numbers = (element: XmlElement, item: string, values: string[]): number[] =>
  list(element, item, values)
    .map(Number)
    .toSorted((a, b) => a - b);

function linkTemplates(element: XmlElement | undefined): DeviceDefinition['linkTemplates'] {
  if (!element) return {};
  refuseText(element);
  refuseAttributes(element, []);
  const templates: DeviceDefinition['linkTemplates'] = {};
  for (const child of element.children) {
    if (child.name !== 'linkTemplate' || child.namespace !== NAMESPACE) {
      throw bad(child.line, `linkTemplates holds linkTemplate elements, and no ${child.name}.`);
    }
    refuseAttributes(child, ['deliveryMethod']);
    const method = child.attributes.get('deliveryMethod');
    if (method !== 'CT_KIP_QR' && method !== 'CT_KIP_URL') {
      throw bad(child.line, 'A linkTemplate names its deliveryMethod: CT_KIP_QR or CT_KIP_URL.');
    }
    if (templates[method]) throw bad(child.line, `There are two link templates for ${method}.`);
    const template = textOf(child);
    try {
      checkLinkTemplate(template);
    } catch (error) {
      if (error instanceof LinkError) throw bad(child.line, `${error.message}.`);
      throw error;
    }
    templates[method] = template;
  }
  return templates;
}

function downloadUrl(element: XmlElement | undefined): string | null {
  if (!element) return null;
  const text = textOf(element);
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username || text.length > 500) {
    throw bad(element.line, 'appDownloadUrl is an https address.');
  }
  return url.href;
}

/** What no app can be, however well each part is written. */
function refuseImpossible(d: DeviceDefinition, parts: Map<string, XmlElement>, root: XmlElement): void {
  const refuse = (holds: boolean, part: string, message: string) => {
    if (holds) throw bad((parts.get(part) ?? root).line, message);
  };
  const has = (method: DeliveryMethod) => d.deliveryMethods.includes(method);
  const isSecurid = d.algorithms.includes('SECURID');
  for (const method of ['CT_KIP_QR', 'CT_KIP_URL'] as const) {
    const template = d.linkTemplates[method];
    refuse(has(method) && !template, 'deliveryMethods', `${method} needs a link template.`);
    refuse(
      !has(method) && template !== undefined,
      'linkTemplates',
      `There is a link template for ${method}, which is not among the delivery methods.`,
    );
    const carriesCode = template?.includes('{code}') ?? true;
    refuse(
      method === 'CT_KIP_QR' && !carriesCode,
      'linkTemplates',
      'The link template for CT_KIP_QR needs {code}: nobody types what a QR code lacks.',
    );
    refuse(
      d.codeFormat === 'OCTETS' && !carriesCode,
      'codeFormat',
      'OCTETS is for codes that nobody types, so each link template needs {code}.',
    );
  }
  refuse(has('CTF') && !isSecurid, 'deliveryMethods', 'CTF is for SECURID only.');
  refuse(
    has('OTPAUTH_QR') && !d.algorithms.includes('TOTP'),
    'deliveryMethods',
    'OTPAUTH_QR is for TOTP only.',
  );
  refuse(
    !isSecurid && d.pinStyles.some((style) => style !== 'NONE'),
    'pinStyles',
    'PIN styles other than NONE are for SECURID only.',
  );
}
