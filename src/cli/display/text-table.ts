/**
 * A small table in plain text: first column to the left, the others to the right.
 * @module
 */
import { padded, plainText, widthOf } from './terminal.ts';

/** Lines of a table; when it is too wide the first column gives way. Ragged rows are filled up. */
export function textTable(rows: readonly (readonly string[])[], width: number): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns === 0) return [];
  const clean = rows.map((row) =>
    Array.from({ length: columns }, (_, i) => plainText(row[i] ?? '')),
  );
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...clean.map((row) => widthOf(row[i]!))),
  );
  const others = widths.slice(1).reduce((sum, own) => sum + own + 2, 0);
  widths[0] = Math.max(4, Math.min(widths[0]!, width - 2 - others));
  return clean.map((row) =>
    `  ${row.map((cell, i) => padded(cell, widths[i]!, i === 0 ? 'left' : 'right')).join('  ')}`.trimEnd(),
  );
}
