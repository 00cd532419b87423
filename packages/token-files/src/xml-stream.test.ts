import { describe, expect, test } from 'vitest';
import { child, readXmlPieces, type XmlElement, xmlLimits } from './xml-stream.ts';

const octets = (text: string) => new TextEncoder().encode(text);

async function pieces(text: string | Uint8Array[], limits = xmlLimits): Promise<XmlElement[]> {
  const all: XmlElement[] = [];
  for await (const piece of readXmlPieces(typeof text === 'string' ? [octets(text)] : text, limits))
    all.push(piece);
  return all;
}

test('the root, then its children one by one, with their lines', async () => {
  const [root, first, second] = await pieces('<r a="1">\n <x>é&amp;<y/></x>\n <x><![CDATA[<z>]]></x></r>');
  expect(root).toMatchObject({ name: 'r', children: [] });
  expect(root!.attributes.get('a')).toBe('1');
  expect(first).toMatchObject({ name: 'x', text: 'é&', line: 2 });
  expect(child(first, 'y')).toBeDefined();
  expect(second).toMatchObject({ text: '<z>', line: 3 });
});

test('whatever way it is cut', async () => {
  const text = octets('\uFEFF<r xmlns:p="urn:x"><p:x>€&lt;</p:x></r>');
  const [, x] = await pieces([...text].map((octet) => Uint8Array.of(octet)));
  expect(x).toMatchObject({ name: 'x', namespace: 'urn:x', text: '€<' });
});

describe('refused, with the line', () => {
  const deep = '<a>'.repeat(40);
  test.each([
    ['malformed', 'text'],
    ['malformed', '<r><x></r>'],
    ['malformed', '<r>\n<x>'],
    ['malformed', '<r>&unknown;</r>'],
    ['malformed', '<?xml version="1.0" encoding="latin1"?><r/>'],
    ['malformed', '<r><?php x?></r>'],
    ['doctype', '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'],
    ['too-large', deep],
    ['too-large', `<r><x>${'<y/>'.repeat(300)}</x></r>`],
    ['too-large', `<r><x>${'y'.repeat(70_000)}</x></r>`],
    ['too-large', `<r><x y="${'y'.repeat(70_000)}"/></r>`],
    ['too-large', `<r><x ${Array.from({ length: 30 }, (_, i) => `a${i}=""`).join(' ')}/></r>`],
  ])('%s', async (code, text) => {
    await expect(pieces(text)).rejects.toMatchObject({ name: 'TokenFileError', code });
  });

  test('what is not UTF-8', async () => {
    await expect(pieces([octets('<r>'), Uint8Array.of(0xff)])).rejects.toMatchObject({ code: 'malformed' });
  });

  test.each([
    ['text', ''],
    ['a comment', '<!--'],
    ['a value', '<x y="'],
    ['a name', '<'],
  ])('%s that does not end', async (_, start) => {
    function* endless() {
      yield octets(`<r>${start}`);
      for (let i = 0; i < 4096; i += 1) yield octets('y'.repeat(64 * 1024));
    }
    await expect(pieces(endless() as never)).rejects.toMatchObject({ code: 'too-large' });
  });

  test('more than the limits of the whole file', async () => {
    const some = '<r><x/><x/><x/></r>';
    await expect(pieces(some, { ...xmlLimits, pieces: 2 })).rejects.toMatchObject({ code: 'too-large' });
    await expect(pieces(some, { ...xmlLimits, bytes: 10 })).rejects.toMatchObject({ code: 'too-large' });
  });
});
