import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { thrownBy } from '../test/samples.ts';
import { CtKipError } from './errors.ts';
import { utf8 } from './octets.ts';
import { readXml } from './xml.ts';
import { escapeAttribute, escapeText } from './xml-text.ts';

describe('reading', () => {
  test('gives names, namespaces, attributes, text and lines', () => {
    const root = readXml(
      '<?xml version="1.0"?>\n<a:r xmlns:a="urn:a" xmlns="urn:b" x="1" a:y="2">\n<c>t<!-- no --><![CDATA[<&]]></c><d xmlns=""/></a:r>',
    );
    expect(root).toMatchObject({ name: 'r', namespace: 'urn:a', line: 2 });
    expect([...root.attributes]).toEqual([
      ['x', '1'],
      ['{urn:a}y', '2'],
    ]);
    expect(root.children).toMatchObject([
      { name: 'c', namespace: 'urn:b', text: 't<&', line: 3 },
      { name: 'd', namespace: '', text: '' },
    ]);
  });

  test.each([
    ['xml-doctype', '<!DOCTYPE a><a/>'],
    ['xml-doctype', '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['xml-processing-instruction', '<?php x?><a/>'],
    ['xml-processing-instruction', '<a><?xml-stylesheet href="x"?></a>'],
    ['xml-malformed', '<a>&unknown;</a>'],
    ['xml-malformed', '<a><b></a>'],
    ['xml-malformed', '<a b="1" b="2"/>'],
    ['xml-malformed', '<p:a/>'],
    ['xml-malformed', '<a/><b/>'],
    ['xml-malformed', ''],
    ['xml-malformed', 'text'],
    ['xml-malformed', '<?xml version="1.0" encoding="UTF-16"?><a/>'],
    ['xml-too-deep', '<a>'.repeat(17) + '</a>'.repeat(17)],
    ['xml-too-many-elements', `<a>${'<b/>'.repeat(256)}</a>`],
    ['xml-too-many-attributes', `<a ${Array.from({ length: 25 }, (_, i) => `a${i}=""`).join(' ')}/>`],
    ['xml-too-large', `<a>${' '.repeat(64 * 1024)}</a>`],
  ])('refuses with %s', (code, text) => {
    expect(thrownBy(() => readXml(text))).toMatchObject({ name: 'CtKipError', code });
  });

  test('takes other limits', () => {
    const limits = { bytes: 100, depth: 1, elements: 1, attributes: 1 };
    expect(readXml('<a b="1"/>', limits).name).toBe('a');
    const text = `<a>${' '.repeat(64 * 1024)}</a>`;
    expect(readXml(text, { ...limits, bytes: 128 * 1024 }).name).toBe('a');
    for (const refused of [text, '<a><b/></a>', '<a b="1" c="2"/>']) {
      expect(() => readXml(refused, limits)).toThrow(CtKipError);
    }
  });

  test('names the line', () => {
    expect(thrownBy(() => readXml('<a>\n\n<b></c></a>'))).toMatchObject({ line: 3 });
  });

  test('refuses octets that are not UTF-8', () => {
    expect(() => readXml(Uint8Array.of(0x3c, 0x61, 0xff, 0x2f, 0x3e))).toThrow(CtKipError);
  });

  test('throws nothing but its own error, whatever comes', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      'a',
      '/',
      '<a>',
      '</a>',
      '&',
      ';',
      '"',
      '=',
      '<!',
      '[',
      ']]>',
      '<?',
      '?>',
      'xmlns:',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          try {
            readXml(text);
          } catch (error) {
            expect(error).toBeInstanceOf(CtKipError);
          }
        },
      ),
    );
  });
});

test('what is escaped reads back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", ']', '\n', '\r', '\t', 'ä', '😀', ' ') }),
      (text) => {
        const root = readXml(utf8(`<a b="${escapeAttribute(text)}">${escapeText(text)}</a>`));
        expect(root.text).toBe(text);
        expect(root.attributes.get('b')).toBe(text);
      },
    ),
  );
});

test('what XML cannot carry is dropped', () => {
  expect(escapeText('a\u0000\u001b\ud800\uffffb')).toBe('ab');
});
