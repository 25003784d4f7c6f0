/**
 * Text for a terminal of some width.
 * @module
 */

/** Words in lines of at most `width` characters; a longer word has its own line. */
export function wrap(text: string, width: number): [first: string, ...others: string[]] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line += (line && ' ') + word;
  }
  const [first = line, ...others] = [...lines, line];
  return [first, ...others];
}
