/**
 * Where a person goes who has signed in. To the page behind a mailed link what stands behind the hash sign goes along: its
 * ticket belongs in no query.
 * @param next a path of our own
 */
export function afterSignIn(next: string | undefined, hash: string): string {
  const ticket = hash.replace(/^#/, '');
  return next === '/activate' && ticket ? `/activate#${ticket}` : (next ?? '/');
}
