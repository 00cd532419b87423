import fc from 'fast-check';
import { expect, test } from 'vitest';
import { A, changed, DEVICE, PASSWORD, random, refusal, rowsOf, sample } from '../../test/ctf-files.ts';
import { withinLimits } from '../../test/within-limits.ts';
import { TokenFileError } from '../errors.ts';
import { parseCtf } from './parse-ctf.ts';
import { payloadOf } from './payload.ts';
import { sealPayload } from './record.ts';
import { escapeAll } from './wrappers.ts';

const names = ['A-8digit-60s-pinpad.ctf', 'A.pw-dev.ctf', 'A.v3-pw-dev.url', 'A.android-classguid.url'];
const texts = names.map(sample);
const unlocking = { password: PASSWORD, deviceId: DEVICE };

// Not expect(): it costs more than what is tested.
function isRefusal(error: unknown): void {
  if (!(error instanceof TokenFileError)) throw error;
  if (error.message.includes(PASSWORD) || error.message.includes(DEVICE))
    throw new Error('A message tells a secret');
}

const survives = withinLimits((text: string): void => {
  try {
    parseCtf(text, unlocking);
  } catch (error) {
    isRefusal(error);
  }
});

const pieces = [
  'ctfData=',
  'ctfData%3D',
  '=\r\n',
  '=3D',
  '%',
  '%25',
  '%00',
  '-',
  '\n',
  '\u0000',
  '\ud800',
  '9',
  '/ctkip/?',
];
const hostile = fc.oneof(
  fc.string({ maxLength: 200, unit: 'binary' }),
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.nat(500),
      fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom(...pieces)),
      fc.nat(3),
    )
    .map(([text, place, put, cut]) => {
      const at = place % text.length;
      return text.slice(0, at) + put + text.slice(at + cut);
    }),
  fc.tuple(fc.constantFrom('1', '2', '3'), fc.stringMatching(/^[0-7]{80}$/)).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...pieces, ...texts), { maxLength: 8 }).map((parts) => parts.join('')),
);

test('whatever comes, there is a token or a TokenFileError', () => {
  fc.assert(fc.property(hostile, survives), { numRuns: 20_000 });
});

test('digits whose checksum holds, with anything in their fields', () => {
  const fields = fc.record({
    flags: fc.nat(0xffff),
    expiryDay: fc.nat(0x3fff),
    seedHash: fc.nat(0x7fff),
    deviceHash: fc.nat(0x7fff),
    sealed: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  });
  const property = fc.property(fc.constantFrom('1', '2'), fields, (version, all) => {
    survives(changed(version + texts[0]!.slice(1), () => all));
  });
  fc.assert(property, { numRuns: 5000 });
});

test('records that are rightly sealed, with anything in them', () => {
  const change = fc.tuple(fc.nat(159), fc.nat(255));
  const property = fc.property(
    fc.constantFrom(3, 4),
    fc.array(change, { maxLength: 6 }),
    (version, changes) => {
      const payload = payloadOf(A);
      for (const [place, octet] of changes) payload[place] = octet;
      const sealed = sealPayload(payload, { version, randomBytes: random });
      survives(`com.rsa.securid://ctf?ctfData=${escapeAll(sealed.toString('base64'))}`);
    },
  );
  fc.assert(property, { numRuns: 1000 });
});

test('files of anything', async () => {
  const lines = fc.array(hostile, { maxLength: 5 }).map((parts) => parts.join('\n'));
  const survivesAll = withinLimits(async (text: string) => {
    try {
      await rowsOf(text, unlocking);
    } catch (error) {
      isRefusal(error);
    }
  });
  const property = fc.asyncProperty(lines, survivesAll);
  await fc.assert(property, { numRuns: 20_000 });
}, 60_000);

test('texts that would make a careless search slow', async () => {
  const parts = [
    'ctfData=',
    'ctfData=2',
    '/securid/ctf?',
    'com.rsa.securid://ctf?',
    '%',
    '%25',
    '=\r\n',
    '- ',
    '1 ',
    '2-',
  ];
  for (const part of parts) {
    const text = part.repeat(Math.floor((256 * 1024) / part.length));
    expect(refusal(text)).toBe('malformed');
    await rowsOf(`${text.replace(/\s/g, '').repeat(7)}<\nx`).catch(isRefusal);
  }
});
