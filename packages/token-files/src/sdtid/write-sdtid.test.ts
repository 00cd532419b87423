import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileOf, record, rowsOf, sameOctets } from '../../test/sdtid-files.ts';
import type { TokenRecord } from '../token-record.ts';
import { readSdtid } from './read-sdtid.ts';
import { writeSdtid } from './write-sdtid.ts';

describe('what is written', () => {
  test('one token: as stoken lays it out, a space for what is empty', async () => {
    const file = await fileOf([{ ...record, userName: 'a<b>&"\'\r\n]]>', firstName: ' ' }], {
      name: 'Batch',
    });
    expect(file).toMatch(
      /^<\?xml version="1.0"\?>\n<TKNBatch>\n {2}<TKNHeader>\n {4}<Version>0<\/Version>\n/,
    );
    expect(file).toContain('<Origin>N/A</Origin>\n    <Dest>N/A</Dest>\n    <Name>Batch</Name>');
    expect(file).toContain('<UserFirstName> </UserFirstName>');
    expect(file).toContain('<UserLogin>a&lt;b&gt;&amp;&quot;&apos;&#13;\n]]&gt;</UserLogin>');
    expect(file).toContain('<DefBirth>2020/01/01</DefBirth>\n    <DefDeath>2035/12/31</DefDeath>');
    expect(file).toContain('<BatchSignature> </BatchSignature>\n    <BatchCertificate> </BatchCertificate>');
    expect(file).not.toMatch(/<(Digits|Interval|AddPIN|Death)>/);
  });

  test('the seed is not in it', async () => {
    const file = await fileOf([record]);
    expect(file).not.toContain(Buffer.from(record.seed).toString('base64'));
  });

  test('each file has a name, a secret and keys of its own', async () => {
    let count = 0;
    const randomBytes = (length: number) => new Uint8Array(length).fill((count += 1));
    const [one, other] = [
      await fileOf([record], { randomBytes, password: 'pw' }),
      await fileOf([record], { randomBytes, password: 'pw' }),
    ];
    for (const name of ['Name', 'Secret', 'Seed', 'HeaderMAC', 'TokenMAC']) {
      const of = (file: string) => new RegExp(`<${name}>(.*)</${name}>`).exec(file)![1];
      expect(of(one)).not.toBe(of(other));
    }
  });

  test('what a token has of its own stands in it, and only that', async () => {
    const second: TokenRecord = { ...record, serialNumber: '000000000002', digits: 6, pinStyle: 'FOB' };
    const file = await fileOf([record, second]);
    expect(file.match(/<\w+>[^<]*<\/\w+>(?=\s+<(Digits|AddPIN|LocalPIN|TokenAttributes)>)/g)).toHaveLength(5);
    expect(file).toContain('<Digits>6</Digits>\n    <AddPIN>0</AddPIN>\n    <LocalPIN>1</LocalPIN>\n');
    expect(await rowsOf(file)).toMatchObject([{ token: record }, { token: second }]);
  });

  test('a password opens it, and nothing else does', async () => {
    const file = await fileOf([record], { password: ' pässwörd ', origin: 'ACME' });
    await expect(rowsOf(file)).rejects.toMatchObject({ code: 'password-required' });
    await expect(rowsOf(file, 'ACME')).rejects.toMatchObject({ code: 'wrong-password' });
    expect(await rowsOf(file, 'pässwörd')).toMatchObject([{ token: record }]);
  });

  test('also one that is the word for no origin', async () => {
    const file = await fileOf([record], { password: 'N/A' });
    await expect(rowsOf(file)).rejects.toMatchObject({ code: 'password-required' });
    expect(await rowsOf(file, 'N/A')).toMatchObject([{ token: record }]);
  });

  test('tokens are taken as they are needed', async () => {
    let taken = 0;
    function* tokens() {
      for (; taken < 1000; taken += 1) yield record;
    }
    const file = writeSdtid(tokens(), { randomBytes: sameOctets });
    await file.next();
    await file.next();
    expect(taken).toBeLessThan(3);
    await file.return(undefined);
  });
});

describe('refused', () => {
  test.each([
    ['TOTP', { algorithm: 'TOTP' }],
    ['a seed of another length', { seed: new Uint8Array(20) }],
    ['7 digits', { digits: 7 }],
    ['45 seconds', { intervalSeconds: 45 }],
    ['a short serial number', { serialNumber: '123' }],
    ['no last day', { expiresOn: undefined }],
    ['a last day that is none', { expiresOn: '2035-02-30' }],
    ['a first day of another form', { startsOn: '2035/02/03' }],
    ['a nickname without end', { nickname: 'x'.repeat(1025) }],
  ])('%s', async (_, change) => {
    const tokens = [record, { ...record, ...change } as TokenRecord];
    await expect(fileOf(tokens)).rejects.toMatchObject({ name: 'TokenFileError', code: 'invalid-argument' });
  });

  test.each([
    ['an empty password', { password: '' }],
    ['a password of spaces', { password: '  ' }],
    ['a password of 33 bytes', { password: `${'x'.repeat(31)}é` }],
    ['a password with a line feed', { password: 'a\nb' }],
    ['the origin as password', { password: 'ACME', origin: ' ACME' }],
    ['a name with a tabulator', { name: 'a\tb' }],
    ['an origin that XML cannot hold', { origin: 'a\ufffe' }],
    ['a destination without end', { destination: 'x'.repeat(129) }],
  ])('%s', async (_, options) => {
    await expect(fileOf([record], options)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('no token at all', async () => {
    await expect(fileOf([])).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

// Every character there is, the short runs that decide the MAC's padding, and what markup is made of.
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('', ' ', '<a>&amp;', ']]>', '\r\n', ' x ', '=1+1', '\ud800', '\u0000', '\u0085\u2028'),
);
const days = fc
  .date({ min: new Date('1971-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const anyToken: fc.Arbitrary<TokenRecord> = fc.record(
  {
    serialNumber: fc.stringMatching(/^\d{12}$/),
    algorithm: fc.constant('SECURID' as const),
    seed: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    digits: fc.constantFrom(6 as const, 8 as const),
    intervalSeconds: fc.constantFrom(30, 60),
    pinStyle: fc.constantFrom('NONE' as const, 'FOB' as const, 'PINPAD' as const),
    startsOn: days,
    expiresOn: days,
    copyProtected: fc.boolean(),
    userName: anyText,
    firstName: anyText,
    lastName: anyText,
    nickname: anyText,
    deviceId: anyText,
  },
  {
    requiredKeys: ['serialNumber', 'algorithm', 'seed', 'digits', 'intervalSeconds', 'pinStyle', 'expiresOn'],
  },
);
// Longer and shorter than what of each goes into keys: 8, 16 and 32 octets, also through the middle of a character.
const headerText = fc
  .string({ unit: 'grapheme', maxLength: 50 })
  .filter((text) => text.length <= 120 && !/[\p{Cc}\ufffe\uffff]/u.test(text) && text.isWellFormed());
const password = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '' && !/\p{Cc}/u.test(text) && Buffer.byteLength(text) <= 32);

/** What a file makes of a record. */
function readBack(token: TokenRecord): TokenRecord {
  const expected: TokenRecord = { startsOn: '2000-01-01', copyProtected: true, ...token };
  for (const key of ['userName', 'firstName', 'lastName', 'nickname', 'deviceId'] as const) {
    const text = token[key]
      ?.toWellFormed()
      // oxlint-disable-next-line no-control-regex
      .replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
      .trim();
    delete expected[key];
    if (text) expected[key] = text;
  }
  return expected;
}

test('gives back what was written, whatever is in it', async () => {
  const files = fc.record(
    {
      tokens: fc.array(anyToken, { minLength: 1, maxLength: 4 }),
      password,
      name: headerText,
      origin: headerText,
      destination: headerText,
    },
    { requiredKeys: ['tokens'] },
  );
  await fc.assert(
    fc.asyncProperty(files, async ({ tokens, ...options }) => {
      fc.pre(!options.origin?.trim() || options.password?.trim() !== options.origin.trim());
      const rows = await rowsOf(await fileOf(tokens, options), options.password);
      expect(rows.map((row) => row.kind === 'token' && row.token)).toEqual(tokens.map(readBack));
    }),
    { numRuns: 500 },
  );
});

// Garbage that nobody has collected yet says nothing about what is held.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('100,000 tokens pass through writer and reader, and few of them are held', {
  timeout: 180_000,
}, async () => {
  const count = 100_000;
  function* tokens() {
    for (let number = 0; number < count; number += 1)
      yield {
        ...record,
        serialNumber: String(number).padStart(12, '0'),
        userName: `user${number}`,
        digits: number % 3 === 0 ? (6 as const) : (8 as const),
      };
  }
  async function* chunks() {
    let text = '';
    for await (const part of writeSdtid(tokens(), { randomBytes: sameOctets, password: 'pw' })) {
      text += part;
      if (text.length < 65_536) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text);
  }
  const held = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = held();
  let most = 0;
  let right = 0;
  for await (const row of readSdtid(chunks(), { password: 'pw' })) {
    if (row.kind === 'token' && row.token.userName === `user${Number(row.serialNumber)}`) right += 1;
    if (right % 10_000 === 0) most = Math.max(most, held());
  }
  expect(right).toBe(count);
  expect(most - before).toBeLessThan(50_000_000);
});
