import { readFile } from 'node:fs/promises';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { AuthenticatorError } from './errors.ts';

// jsqr is CommonJS whose types claim a default export: under Node the function is one level deeper.
const readQr = ('default' in jsqr ? jsqr.default : jsqr) as typeof import('jsqr').default;

const maxFileBytes = 20 * 1024 * 1024;
const maxPixels = 40_000_000;

/** A grey image: one byte a pixel, 0 black to 255 white. */
type Grey = { width: number; height: number; pixels: Uint8Array };

/**
 * Reads the text of the QR code in a PNG file.
 * @throws AuthenticatorError QR_UNREADABLE with the reason in its sentence
 */
export async function readQrFile(file: string): Promise<string> {
  let png: Buffer;
  try {
    png = await readFile(file);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new AuthenticatorError('QR_UNREADABLE', `Cannot read the file ${file}${why}.`, { cause });
  }
  return readQrPng(png);
}

/**
 * Reads the text of the QR code in a PNG: also of one without a quiet zone, with light modules on dark ground, with
 * transparency, or with modules of a few pixels only.
 * @throws AuthenticatorError QR_UNREADABLE
 */
export function readQrPng(png: Uint8Array): string {
  const image = decode(png);
  for (const scale of [1, 2, 4, 0.5]) {
    if (image.width * image.height * scale * scale > maxPixels) continue;
    for (const invert of [false, true]) {
      const { width, height, pixels } = framed(image, scale, invert);
      const found = readQr(pixels, width, height, { inversionAttempts: 'dontInvert' });
      if (found?.data) return found.data;
    }
  }
  throw new AuthenticatorError('QR_UNREADABLE', 'No readable QR code in the picture.');
}

function decode(png: Uint8Array): Grey {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (bytes.length < 24 || bytes.readUInt32BE(0) !== 0x89504e47) {
    throw new AuthenticatorError('QR_UNREADABLE', 'The file is not a PNG picture.');
  }
  if (bytes.length > maxFileBytes || bytes.readUInt32BE(16) * bytes.readUInt32BE(20) > maxPixels) {
    throw new AuthenticatorError('QR_UNREADABLE', 'The picture is too large: cut out the QR code.');
  }
  let decoded: PNG;
  try {
    decoded = PNG.sync.read(bytes);
  } catch (cause) {
    throw new AuthenticatorError('QR_UNREADABLE', 'The PNG picture is damaged.', { cause });
  }
  const { width, height, data } = decoded;
  const pixels = new Uint8Array(width * height);
  for (let index = 0; index < pixels.length; index++) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(4 * index, 4 * index + 4);
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    pixels[index] = 255 + ((grey - 255) * alpha) / 255;
  }
  return { width, height, pixels };
}

/** The image as jsqr wants it (RGBA), scaled, perhaps inverted, in a white frame that serves as quiet zone. */
function framed({ width, height, pixels }: Grey, scale: number, invert: boolean) {
  const frame = 40;
  const outWidth = Math.ceil(width * scale) + 2 * frame;
  const outHeight = Math.ceil(height * scale) + 2 * frame;
  const out = new Uint8ClampedArray(4 * outWidth * outHeight).fill(255);
  for (let y = 0; y < Math.ceil(height * scale); y++) {
    const row = Math.min(height - 1, Math.floor(y / scale)) * width;
    for (let x = 0; x < Math.ceil(width * scale); x++) {
      const grey = pixels[row + Math.min(width - 1, Math.floor(x / scale))] as number;
      out.fill(
        invert ? 255 - grey : grey,
        4 * ((y + frame) * outWidth + x + frame),
        4 * ((y + frame) * outWidth + x + frame) + 3,
      );
    }
  }
  return { width: outWidth, height: outHeight, pixels: out };
}
