export type Sample = { name: string; perSecond: number };
export type Comparison = {
  title: string;
  /** What is measured and what it is held against. */
  text: string;
  aim: string;
  product: number;
  floor: number;
  /** Median of the rounds' ratios, product to floor. */
  ratio: number;
};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Runs `work` for each of `items`, `width` at a time, and answers how many a second. */
export async function perSecond<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  const waiting = items.values();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
  return items.length / ((performance.now() - started) / 1000);
}

/**
 * Product and floor in turns, so that a machine that is busy for a while is busy for both. The first round warms up and
 * does not count.
 */
export async function compare(
  head: Pick<Comparison, 'title' | 'text' | 'aim'>,
  rounds: number,
  product: (round: number) => Promise<number>,
  floor: (round: number) => Promise<number>,
): Promise<Comparison> {
  const pairs: { product: number; floor: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair = { product: await product(round), floor: await floor(round) };
    if (round > 0) pairs.push(pair);
  }
  return {
    ...head,
    product: median(pairs.map((pair) => pair.product)),
    floor: median(pairs.map((pair) => pair.floor)),
    ratio: median(pairs.map((pair) => pair.product / pair.floor)),
  };
}
