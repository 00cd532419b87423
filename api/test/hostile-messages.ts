import fc from 'fast-check';

/** A POST to one of the two doors. */
export type HostilePost = { path: string; body: Buffer; headers: Record<string, string> };

/** Honest messages, and parts of other runs, from which hostile ones are made. */
export type Material = {
  /** Whole bodies as phones sent them. */
  bodies: readonly string[];
  /** Session ids of other activations' runs. */
  sessionIds: readonly string[];
  /** A RFC 4758 trigger nonce or an activation code that is spent. */
  spentCodes: readonly string[];
};

const doors = ['/ctkip', '/ctkip/services/CtkipService'];
const contentTypes = [
  'application/vnd.otps.ct-kip+xml',
  'application/vnd.otps.ct-kip',
  'text/xml; charset=utf-16',
  'application/json',
  'multipart/form-data; boundary=x',
];

/** Changes of a text that leave most of it as it was. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(5000) }),
  fc.record({
    kind: fc.constant('put' as const),
    at: fc.nat(5000),
    text: fc.string({ maxLength: 12, unit: 'binary' }),
  }),
  fc.record({
    kind: fc.constant('drop' as const),
    at: fc.nat(5000),
    length: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({
    kind: fc.constant('twice' as const),
    at: fc.nat(5000),
    length: fc.integer({ min: 1, max: 400 }),
  }),
);

function edited(body: string, change: typeof edit extends fc.Arbitrary<infer Edit> ? Edit : never): string {
  const at = change.at % (body.length + 1);
  switch (change.kind) {
    case 'cut':
      return body.slice(0, at);
    case 'put':
      return body.slice(0, at) + change.text + body.slice(at);
    case 'drop':
      return body.slice(0, at) + body.slice(at + change.length);
    case 'twice':
      return body.slice(0, at + change.length) + body.slice(at);
  }
}

/** Changes of meaning: each takes an honest body and spoils one thing in it. */
const spoilings: ((body: string, material: Material, salt: number) => string)[] = [
  (body) => `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>${body}`,
  (body) => `<!DOCTYPE x SYSTEM "file:///etc/passwd">${body}`,
  (body) => body.replace('2005/12', '2004/01').replace('2005/11', '2004/01'),
  (body) => body.replaceAll(/<(\/?)([A-Z])/g, '<$1ck:$2'),
  (body) => body.replaceAll('ck:', ''),
  (body) => body.replaceAll(/Client(Hello|Nonce)(?= |>)/g, 'ServerHello'),
  (body) => body.replace('Version="1.0"', 'Version="0.9"'),
  (body) => body.replace('Version="1.0"', 'Version="99.999"'),
  (body) => body.replace(/<Extensions>/, '<Extensions><Extension Critical="true"><x/></Extension>'),
  (body, _, salt) => `<a>`.repeat(salt % 3000) + body,
  (body, _, salt) => body.replace(/>([A-Za-z0-9+/=]{16,})</, `>${'A'.repeat(4 * (salt % 20_000))}<`),
  (body) => body.replace(/>([A-Za-z0-9+/=]{16,})</, '><'),
  (body) => body.replace(/>([A-Za-z0-9+/]{8})/, '>-_-_-_-_'),
  (body, { sessionIds }, salt) =>
    body.replace(/SessionID="[^"]*"/, `SessionID="${sessionIds[salt % sessionIds.length]}"`),
  (body, _, salt) => body.replace(/SessionID="[^"]*"/, `SessionID="${'s'.repeat(salt % 300)}"`),
  (body, { spentCodes }, salt) => {
    const code = spentCodes[salt % spentCodes.length]!;
    return body
      .replace(/<AuthData>[^<]*/, `<AuthData>${code}`)
      .replace(/<TriggerNonce>[^<]*/, `<TriggerNonce>${Buffer.from(code, 'base64url').toString('base64')}`);
  },
  (body) => body.replace(/<AuthData>[^<]*/, '<AuthData>&#0;&#xFFFF;]]>'),
  (body) => body.replace(/<\?xml[^>]*\?>/, '<?xml version="1.1" encoding="UTF-7"?>'),
  (body) => `<?php system("id") ?>${body}`,
  (body) => `${body}${body}`,
  (body, _, salt) => `${body}<!--${'-x'.repeat(salt * 4)}-->`,
  (body) => body.replaceAll('Algorithm>', 'Algorithm xmlns="urn:x">'),
  (body) => body.replace(/xmlns[^=]*="[^"]*"/, 'xmlns:xmlns="urn:x"'),
  () => '',
  (_body, _material, salt) => 'x'.repeat(salt * 5),
];

/** One hostile message: an honest one of `material`, edited or spoiled, sent to either door in any dress. */
export function hostilePost(material: Material): fc.Arbitrary<HostilePost> {
  const changed = fc
    .record({
      body: fc.constantFrom(...material.bodies),
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
      spoil: fc.option(fc.nat(spoilings.length - 1), { freq: 2 }),
      salt: fc.nat(20_000),
    })
    .map(({ body, edits, spoil, salt }) =>
      spoil === null ? edits.reduce(edited, body) : spoilings[spoil]!(body, material, salt),
    );
  const noise = fc.oneof(
    fc.string({ maxLength: 200, unit: 'binary' }),
    fc.uint8Array({ maxLength: 400 }).map((octets) => Buffer.from(octets).toString('latin1')),
  );
  return fc
    .record({
      body: fc.oneof({ weight: 12, arbitrary: changed }, { weight: 1, arbitrary: noise }),
      path: fc.constantFrom(...doors),
      contentType: fc.constantFrom(...contentTypes),
      authorization: fc.option(fc.constantFrom('000000000000', 'Bearer x', ...material.spentCodes)),
      encoding: fc.constantFrom('utf8', 'utf8', 'utf8', 'latin1', 'utf16le'),
    })
    .map(({ body, path, contentType, authorization, encoding }) => ({
      path,
      body: Buffer.from(body, encoding as BufferEncoding),
      headers: { 'Content-Type': contentType, ...(authorization && { Authorization: authorization }) },
    }));
}
