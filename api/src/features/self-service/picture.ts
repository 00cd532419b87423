const starts: Record<string, (head: Buffer) => boolean> = {
  'image/png': (head) =>
    head.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])),
  'image/jpeg': (head) => head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  'image/webp': (head) =>
    head.subarray(0, 4).toString('latin1') === 'RIFF' && head.subarray(8, 12).toString('latin1') === 'WEBP',
};

/**
 * Whether a data: URL holds a PNG, JPEG or WebP picture of at most `maxBytes` octets, told by its content. SVG is left
 * out: it may hold scripts and links.
 */
export function isPicture(dataUrl: string, maxBytes: number): boolean {
  const [, type, base64] =
    /^data:(image\/(?:png|jpeg|webp));base64,([A-Za-z0-9+/]+={0,2})$/.exec(dataUrl) ?? [];
  if (!type || !base64 || base64.length > Math.ceil(maxBytes / 3) * 4) return false;
  return starts[type]!(Buffer.from(base64.slice(0, 32), 'base64'));
}
