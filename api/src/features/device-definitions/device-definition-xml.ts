import { CtKipError } from '@symbolon/ct-kip/errors';
import { readXml, type XmlElement } from '@symbolon/ct-kip/xml';
import { Failure } from '../../lib/failure.ts';

const NAMESPACE = 'urn:symbolon:device-definition:1';
const LIMITS = { bytes: 256 * 1024, depth: 4, elements: 200, attributes: 4 };

/** The children of the root element by name. */
export type Parts = { root: XmlElement; get(name: string): XmlElement | undefined };

/** A refused definition file: where and why. Names that the file brought along are cut short. */
export function badDefinition(line: number | undefined, message: string): Failure {
  const reason = message.length > 300 ? `${message.slice(0, 300)}…` : message;
  return new Failure(
    'BadFile',
    'device_definition.invalid',
    reason,
    line ? { line } : {},
    line ? { line } : {},
  );
}

/**
 * Reads the root element of a definition file.
 * @param names the elements that it may hold, each once
 * @throws Failure BadFile
 */
export function readParts(source: string, names: ReadonlySet<string>): Parts {
  const root = readRoot(source);
  if (root.name !== 'deviceDefinition' || root.namespace !== NAMESPACE) {
    throw badDefinition(root.line, `The root element is deviceDefinition in the namespace ${NAMESPACE}.`);
  }
  refuseAttributes(root);
  refuseText(root);
  const parts = new Map<string, XmlElement>();
  for (const child of root.children) {
    if (child.namespace !== NAMESPACE || !names.has(child.name)) {
      throw badDefinition(child.line, `The element ${child.name} is not known here.`);
    }
    if (parts.has(child.name))
      throw badDefinition(child.line, `The element ${child.name} stands here twice.`);
    refuseAttributes(child);
    parts.set(child.name, child);
  }
  return { root, get: (name) => parts.get(name) };
}

function readRoot(source: string): XmlElement {
  try {
    return readXml(source, LIMITS);
  } catch (error) {
    if (error instanceof CtKipError) throw badDefinition(error.line, `${error.message}.`);
    throw error;
  }
}

/** @throws Failure BadFile when the element is missing */
export function required(parts: Parts, name: string): XmlElement {
  const part = parts.get(name);
  if (!part) throw badDefinition(parts.root.line, `The element ${name} is missing.`);
  return part;
}

/** @throws Failure BadFile for any attribute but these */
export function refuseAttributes(element: XmlElement, ...allowed: string[]): void {
  const unknown = [...element.attributes.keys()].find((name) => !allowed.includes(name));
  if (unknown !== undefined) {
    throw badDefinition(element.line, `The attribute ${unknown} of ${element.name} is not known here.`);
  }
}

function refuseText(element: XmlElement): void {
  if (element.text.trim()) {
    throw badDefinition(element.line, `The element ${element.name} holds elements only, and no text.`);
  }
}

/** The elements in a list. @throws Failure BadFile for text and elements of another name */
export function itemsOf(element: XmlElement, item: string): XmlElement[] {
  refuseText(element);
  for (const child of element.children) {
    if (child.name !== item || child.namespace !== NAMESPACE) {
      throw badDefinition(child.line, `${element.name} holds ${item} elements, and no ${child.name}.`);
    }
  }
  return element.children;
}

/** An element's text without white space around it. @throws Failure BadFile when it holds elements */
export function textOf(element: XmlElement): string {
  if (element.children.length > 0) {
    throw badDefinition(element.line, `The element ${element.name} holds text only.`);
  }
  return element.text.trim();
}

/** @throws Failure BadFile with `message` when the text is of another form */
export function matching(element: XmlElement, pattern: RegExp, message: string): string {
  const text = textOf(element);
  if (!pattern.test(text)) throw badDefinition(element.line, message);
  return text;
}

/** @throws Failure BadFile when the text is none of the values */
export function oneOf<const Value extends string>(element: XmlElement, values: readonly Value[]): Value {
  const text = textOf(element);
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw badDefinition(
    element.line,
    `${element.name} is one of ${values.join(', ')}, and not «${text.slice(0, 40)}».`,
  );
}

/** At least one of the values, each once. @throws Failure BadFile */
export function listOf<const Value extends string>(
  element: XmlElement,
  item: string,
  values: readonly Value[],
): Value[] {
  const items = itemsOf(element, item);
  if (items.length === 0) throw badDefinition(element.line, `${element.name} holds at least one ${item}.`);
  const found: Value[] = [];
  for (const child of items) {
    refuseAttributes(child);
    const value = oneOf(child, values);
    if (found.includes(value)) throw badDefinition(child.line, `${value} stands here twice.`);
    found.push(value);
  }
  return found;
}
