import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { readQrFile, readQrPng } from './qr-image.ts';

const sample = (name: string) => readFileSync(new URL(`../test/samples/${name}`, import.meta.url));
const path = (name: string) => new URL(`../test/samples/${name}`, import.meta.url).pathname;

/** The sample with each pixel (and the frame around it) made anew. */
function redraw(change: (png: PNG) => PNG, name = 'A.android.qr.png'): Buffer {
  return PNG.sync.write(change(PNG.sync.read(sample(name))));
}

const wanted = readQrPng(sample('A.android.qr.png'));

test('reads codes that qrencode and qrcode.react drew', async () => {
  expect(wanted).toMatch(/^http:\/\/127\.0\.0\.1\/securid\/ctf\?ctfData=2/);
  expect(await readQrFile(path('A.iphone.qr.png'))).toMatch(/^com\.rsa\.securid\.iphone:\/\/ctf\?ctfData=/);
  expect(await readQrFile(path('own-android-ctkip.qr.png'))).toMatch(/&activationCode=001729366426$/);
  expect(await readQrFile(path('A.v3.qr.png'))).toMatch(/ctfData=A/);
});

test('reads light modules on dark ground', () => {
  const inverted = redraw((png) => {
    png.data.forEach((value, index) => {
      if (index % 4 !== 3) png.data[index] = 255 - value;
    });
    return png;
  });
  expect(readQrPng(inverted)).toBe(wanted);
});

test('reads without a quiet zone', () => {
  expect(readQrPng(redraw(cropped))).toBe(wanted);
});

test('reads modules of one pixel', () => {
  const tiny = redraw((png) => {
    const code = cropped(png);
    const side = Math.round(code.width / 3);
    const out = new PNG({ width: side, height: side });
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) PNG.bitblt(code, out, 3 * x + 1, 3 * y + 1, 1, 1, x, y);
    return out;
  });
  expect(readQrPng(tiny)).toBe(wanted);
});

test('reads dark modules on nothing', () => {
  const transparent = redraw((png) => {
    for (let index = 0; index < png.data.length; index += 4) {
      const light = (png.data[index] as number) > 127;
      png.data.fill(0, index, index + 3);
      png.data[index + 3] = light ? 0 : 255;
    }
    return png;
  });
  expect(readQrPng(transparent)).toBe(wanted);
});

test('reads a corner of a large screenshot', () => {
  const screen = redraw((png) => {
    const out = new PNG({ width: 1600, height: 900 });
    out.data.fill(0xee);
    PNG.bitblt(png, out, 0, 0, png.width, png.height, 1000, 300);
    return out;
  });
  expect(readQrPng(screen)).toBe(wanted);
});

const bomb = Buffer.from(sample('A.android.qr.png'));
bomb.writeUInt32BE(60_000, 16);
bomb.writeUInt32BE(60_000, 20);

test.each([
  ['a text', Buffer.from('no picture at all, but long enough'), /not a PNG/],
  ['nothing', Buffer.alloc(0), /not a PNG/],
  ['a cut PNG', sample('A.android.qr.png').subarray(0, 200), /damaged/],
  ['an immense PNG', bomb, /too large/],
  ['a PNG without a code', PNG.sync.write(new PNG({ width: 64, height: 64 })), /No readable QR code/],
])('refuses %s', (_, png, why) => {
  expect(() => readQrPng(png)).toThrow(expect.objectContaining({ code: 'QR_UNREADABLE', exitCode: 6 }));
  expect(() => readQrPng(png)).toThrow(why);
});

test('names a file that is not there', async () => {
  await expect(readQrFile('/nowhere/qr.png')).rejects.toThrow(
    'Cannot read the file /nowhere/qr.png (ENOENT).',
  );
});

function cropped(png: PNG): PNG {
  const dark = (x: number, y: number) => (png.data[4 * (y * png.width + x)] as number) < 128;
  let edge = 0;
  while (!dark(edge, edge)) edge++;
  const side = png.width - 2 * edge;
  const out = new PNG({ width: side, height: side });
  PNG.bitblt(png, out, edge, edge, side, side, 0, 0);
  return out;
}
