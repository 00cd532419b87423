/**
 * A storage that forgets with the page. GraphiQL keeps what was typed; here that may be a password in a variable, which
 * must not lie in the browser for whoever uses it next.
 */
export function forgetful(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}
