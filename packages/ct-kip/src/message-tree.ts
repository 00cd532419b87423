import { ctKipNamespace, ctKipNamespace2005Nov } from './algorithms.ts';
import { fromBase64 } from './base64.ts';
import { type DeviceFacts, factOf, silentDevice } from './device-facts.ts';
import { CtKipError } from './errors.ts';
import { readXml, type XmlElement } from './xml.ts';

const xsiType = '{http://www.w3.org/2001/XMLSchema-instance}type';

/** The error for a message that is XML but not what the schema of RFC 4758 appendix A asks for. */
export function malformed(message: string, element?: XmlElement): CtKipError {
  return new CtKipError('message-malformed', message, element ? { line: element.line } : {});
}

/** Whether an element stands in a namespace of CT-KIP, of 2005/11 or 2005/12. */
export const isCtKip = ({ namespace }: XmlElement): boolean =>
  namespace === ctKipNamespace || namespace === ctKipNamespace2005Nov;

/**
 * Reads a message and checks that its root stands in a CT-KIP namespace, of 2005/11 or 2005/12.
 * @throws CtKipError `xml-*`, `message-malformed`
 */
export function readRoot(source: Uint8Array): XmlElement {
  const root = readXml(source);
  if (!isCtKip(root)) throw malformed('The message is not in a CT-KIP namespace', root);
  return root;
}

/**
 * The child of that name. The schema leaves children in no namespace, the RFC's own examples qualify them: both are
 * read. A second one of the name is refused, so that nobody can hide a value behind another.
 */
export function findChild(parent: XmlElement, name: string, namespace?: string): XmlElement | undefined {
  const allowed = namespace ? [namespace] : ['', ctKipNamespace, ctKipNamespace2005Nov];
  const found = parent.children.filter((child) => child.name === name && allowed.includes(child.namespace));
  if (found.length > 1) throw malformed(`${name} occurs twice`, found[1]);
  return found[0];
}

/** As `findChild`, for what must be there. */
export function needChild(parent: XmlElement, name: string, namespace?: string): XmlElement {
  const child = findChild(parent, name, namespace);
  if (child === undefined) throw malformed(`${parent.name} holds no ${name}`, parent);
  return child;
}

/** The trimmed text of an element without children, or undefined where there is no element or no text. */
export function textOf(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  if (element.children.length > 0) throw malformed(`${element.name} must hold text only`, element);
  return element.text.trim() || undefined;
}

/** The text of an element that must hold some. */
export function needText(element: XmlElement): string {
  const text = textOf(element);
  if (text === undefined) throw malformed(`${element.name} is empty`, element);
  return text;
}

/** The octets of a base64 element. */
export function octetsOf(element: XmlElement): Uint8Array {
  const octets = fromBase64(textOf(element) ?? '');
  if (octets === undefined) throw malformed(`${element.name} is not base64`, element);
  return octets;
}

/** A nonce of the schema: base64 of 16 octets. */
export function nonceOf(element: XmlElement): Uint8Array {
  const nonce = octetsOf(element);
  if (nonce.length !== 16) throw malformed(`${element.name} is not 16 octets`, element);
  return nonce;
}

/** The value of an attribute that must be there and not empty. */
export function needAttribute(element: XmlElement, name: string): string {
  const value = element.attributes.get(name);
  if (!value) throw malformed(`${element.name} has no ${name}`, element);
  return value;
}

/** A session id: 1 to 128 printable characters, compared exactly (RFC 4758 section 3.7.1). */
export function needSessionId(root: XmlElement): string {
  const sessionId = needAttribute(root, 'SessionID');
  if (!/^[\x20-\x7e]{1,128}$/.test(sessionId))
    throw malformed('SessionID is not printable or too long', root);
  return sessionId;
}

/** A protocol version, `1.0` (RFC 4758 section 3.7.1). */
export function needVersion(root: XmlElement): string {
  const version = needAttribute(root, 'Version');
  if (!/^\d{1,2}\.\d{1,3}$/.test(version)) throw malformed('Version is not of the form 1.0', root);
  return version;
}

/** The extensions of a message, sorted by what they may be (RFC 4758 section 3.9). */
export type ExtensionSet = {
  /** Data of the first ClientInfo. */
  clientInfo: Uint8Array | undefined;
  /** Data of the first ServerInfo. RSA's software leaves out the type: a bare Data counts as one. */
  serverInfo: Uint8Array | undefined;
  /** The first that holds an OTPFormat, OTPLength or OTPMode. */
  otpKeyConfiguration: XmlElement | undefined;
  /** Our own DeviceInfo; a device that says nothing where there is none. */
  device: DeviceFacts;
  hasUnknownCriticalExtension: boolean;
};

/** Sorts the extensions of a message; the ones that are unknown and not critical are dropped. */
export function readExtensions(root: XmlElement): ExtensionSet {
  const set: ExtensionSet = {
    clientInfo: undefined,
    serverInfo: undefined,
    otpKeyConfiguration: undefined,
    device: silentDevice,
    hasUnknownCriticalExtension: false,
  };
  for (const extension of findChild(root, 'Extensions')?.children ?? []) {
    const type = extension.attributes.get(xsiType)?.trim().split(':').at(-1);
    const data = findChild(extension, 'Data');
    const isOtp = ['OTPFormat', 'OTPLength', 'OTPMode'].some(
      (name) => findChild(extension, name) !== undefined,
    );
    if (isOtp) set.otpKeyConfiguration ??= extension;
    else if (data !== undefined && type === 'ClientInfoType') set.clientInfo ??= octetsOf(data);
    else if (data !== undefined && (type === undefined || type === 'ServerInfoType'))
      set.serverInfo ??= octetsOf(data);
    else if (type === 'DeviceInfoType') set.device = deviceOf(extension);
    else if (isCritical(extension)) set.hasUnknownCriticalExtension = true;
  }
  return set;
}

const deviceOf = (extension: XmlElement): DeviceFacts => ({
  class: factOf(extension, 'Class'),
  id: factOf(extension, 'DeviceID'),
  name: factOf(extension, 'Name'),
});

function isCritical(extension: XmlElement): boolean {
  return /^\s*(true|1)\s*$/.test(extension.attributes.get('Critical') ?? '');
}
