import type { XmlElement } from './xml.ts';

/** What a phone says about itself; a claim, not a proof. */
export type DeviceFacts = {
  /** Device class GUID, as sent. */
  class: string | undefined;
  /** Id of this one device, as sent. */
  id: string | undefined;
  /** A name for people. */
  name: string | undefined;
};

/** A phone that says nothing of itself. */
export const silentDevice: DeviceFacts = { class: undefined, id: undefined, name: undefined };

/**
 * The plain text of a child, whatever its namespace; undefined for one that is missing, empty, over 200 characters, or
 * holds control characters.
 */
export function factOf(parent: XmlElement, name: string): string | undefined {
  const text = parent.children.find((child) => child.name === name)?.text.trim() ?? '';
  const isPlain = text.length > 0 && text.length <= 200 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
  return isPlain ? text : undefined;
}
