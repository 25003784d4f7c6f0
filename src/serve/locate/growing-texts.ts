/**
 * Texts that grow, as what is added to each.
 * @module
 */

/**
 * Turns whole texts so far into additions. A text that is not a continuation of the one before (a
 * server that started an answer anew) is not told again: the last line of the stream has it.
 */
export function growingTexts(
  onAppend: (sample: number, append: string) => void,
): (sample: number, textSoFar: string) => void {
  const known = new Map<number, string>();
  return (sample, textSoFar) => {
    const before = known.get(sample) ?? '';
    if (textSoFar.length <= before.length || !textSoFar.startsWith(before)) return;
    known.set(sample, textSoFar);
    onAppend(sample, textSoFar.slice(before.length));
  };
}
