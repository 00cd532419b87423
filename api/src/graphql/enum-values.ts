/**
 * The values of an enum type, each with what it means to a user or integrator:
 * `valuesOf<Problem>({ LOST: '…', BROKEN: '…' })`. The type argument sees to it that none is left out.
 */
export const valuesOf = <Value extends string>(
  meanings: Record<Value, string>,
): { [V in Value]: { description: string } } =>
  Object.fromEntries(
    Object.entries<string>(meanings).map(([value, description]) => [value, { description }]),
  ) as { [V in Value]: { description: string } };
