/**
 * An async generator that ends when its consumer leaves, also while it waits for news: by itself a generator notices only
 * at its next `yield`, and what it listens to would go on until then.
 * @param make gets a signal that is given when the consumer has left; the generator wakes by it and returns
 */
export function endingAtOnce<Value>(
  make: (left: AbortSignal) => AsyncGenerator<Value, void, void>,
): AsyncGenerator<Value, void, void> {
  const consumer = new AbortController();
  const generator = make(consumer.signal);
  const finish = generator.return.bind(generator);
  generator.return = (value) => {
    consumer.abort();
    return finish(value);
  };
  return generator;
}
