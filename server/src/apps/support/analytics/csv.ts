/** What spreadsheets would take for a formula: such a cell could act when the file is opened (OWASP CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | null): string {
  if (value === null) return '';
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Comma-separated values with a line of names (RFC 4180). */
export const csv = (names: readonly string[], rows: readonly (readonly (string | null)[])[]): string =>
  [names, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
