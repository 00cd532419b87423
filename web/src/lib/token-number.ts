/** Whether a token in compressed format is digits to be typed, and not a link that opens an app. */
export const isTokenNumber = (value: string): boolean => /^[\d\s-]+$/.test(value);
