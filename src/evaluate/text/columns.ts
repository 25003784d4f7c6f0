/**
 * Cells in columns of a common width.
 * @module
 */

/** Code points, which is the width of the names that tables hold. */
const widthOf = (text: string): number => [...text].length;

/** Text on one line without control characters, cut to a width with an ellipsis. */
export function cut(text: string, width: number): string {
  const points = [...text.slice(0, 4 * width).replace(/[\p{Cc}\s]+/gu, ' ')];
  return points.length <= width ? points.join('') : `${points.slice(0, width - 1).join('')}…`;
}

/** Lines of a table: the first column to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[], gap = '   '): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows.map((row) =>
    widths
      .map((width, i) => {
        const cell = row[i] ?? '';
        const space = ' '.repeat(width - widthOf(cell));
        return i === 0 ? cell + space : space + cell;
      })
      .join(gap)
      .trimEnd(),
  );
}

/** Lines of a Markdown table. */
export function markdownTable(rows: readonly (readonly string[])[]): string[] {
  const escaped = rows.map((row) => row.map((cell) => cell.replace(/[|\\`_<>[\]]/g, '\\$&')));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = escaped;
  return [line(head), line(head.map((_, i) => (i === 0 ? ':--' : '--:'))), ...body.map(line)];
}

/** Two decimals. */
export const two = (value: number): string => value.toFixed(2);

/** Kilometres with fewer decimals the farther. */
export const kilometres = (value: number | null): string =>
  value === null ? 'none' : `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} km`;

/** Text broken between words so that no line exceeds 80 columns; later lines are indented. */
export function wrapWords(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    if (line !== '' && line.length + word.length + 1 > 80) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
