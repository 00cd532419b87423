import { expect, it } from 'vitest';
import { endingAtOnce } from './ending-at-once.ts';

it('ends while it waits for news, and cleans up', async () => {
  let cleaned = false;
  const news = endingAtOnce(async function* (left) {
    try {
      yield 1;
      await new Promise<void>((resolve) => left.addEventListener('abort', () => resolve()));
    } finally {
      cleaned = true;
    }
  });
  expect(await news.next()).toEqual({ value: 1, done: false });
  const waiting = news.next();
  await news.return();
  expect(await waiting).toEqual({ value: undefined, done: true });
  expect(cleaned).toBe(true);
});
