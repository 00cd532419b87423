/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A cell of a CSV file that a spreadsheet shows instead of running it: one that begins like a formula gets an apostrophe
 * in front, and quotes stand where they have to.
 */
export function csvCell(text: string): string {
  const defused = FORMULA.test(text) ? `'${text}` : text;
  return defused !== text || /[",;\t\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}

/** What csvCell was given, of a cell as it is read. */
export const plainCell = (text: string): string =>
  text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1) : text;
