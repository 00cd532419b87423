/** Named by what only they put into their user agent, most particular first: Edge also says Chrome, Chrome also Safari. */
const browsers: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\bHeadlessChrome\//, 'Chrome'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac(?:intosh| OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

const nameOf = (table: typeof browsers, userAgent: string) =>
  table.find(([pattern]) => pattern.test(userAgent))?.[1];

/**
 * A user agent in a few words, «Firefox on Windows», by which people know their device again; null where it says nothing
 * known. What a program sends is its own: `curl/8.5.0` is `curl`. A hint, and no proof: anybody can send anything.
 */
export function deviceWords(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const browser = nameOf(browsers, userAgent) ?? /^([A-Za-z][\w.-]{1,30})(?:\/|$)/.exec(userAgent)?.[1];
  const system = nameOf(systems, userAgent);
  const isBareMozilla = browser === 'Mozilla';
  if (!browser || isBareMozilla) return system ?? null;
  return system ? `${browser} on ${system}` : browser;
}
