/** Base64 as PSKC files in use have it: white space anywhere, padding or none. Undefined for what is not Base64. */
export function base64Value(text: string): Buffer | undefined {
  const compact = text.replace(/\s+/g, '').replace(/={1,2}$/, '');
  // 1 character over a multiple of 4 holds no whole octet.
  if (!/^[A-Za-z0-9+/]*$/.test(compact) || compact.length % 4 === 1) return undefined;
  return Buffer.from(compact, 'base64');
}
