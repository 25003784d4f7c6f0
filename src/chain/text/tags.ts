/**
 * `<think>` and `<answer>`: what stands between them, and what stands outside.
 * @module
 */

/** A tagged completion, taken apart. */
export interface TaggedText {
  /** Inside `<think>`; without it, what stands before the answer. Absent where there is nothing. */
  readonly think?: string;
  /** Inside the last `<answer>`. */
  readonly answer?: string;
  /** What follows the reasoning, where no tag says which of it is the answer. */
  readonly rest: string;
  /** Every tag once, as it is spelt, in order and closed; `<think>` may be missing as a whole. */
  readonly isWellFormed: boolean;
  /** Whether there are characters but white space outside the tags. */
  readonly hasSurroundings: boolean;
}

interface Tag {
  readonly kind: 'think' | '/think' | 'answer' | '/answer';
  readonly start: number;
  readonly end: number;
}

const tag = /<\s?(\/)?\s?(think|answer)\s?>/gi;

/** Takes a completion apart; unclosed tags reach to the next tag or the end. */
export function readTags(text: string): TaggedText {
  const tags: Tag[] = [];
  let isExact = true;
  for (const match of text.matchAll(tag)) {
    const kind = `${match[1] ?? ''}${match[2]!.toLowerCase()}` as Tag['kind'];
    isExact &&= match[0] === `<${kind}>`;
    tags.push({ kind, start: match.index, end: match.index + match[0].length });
  }
  const order = tags.map(({ kind }) => kind).join(' ');
  const isWellFormed =
    isExact && (order === 'think /think answer /answer' || order === 'answer /answer');
  const opening = tags.findLast(({ kind }) => kind === 'answer');
  // A closing tag without an opening one: models whose prompt already opens the tag.
  const closing = opening
    ? tags.find(({ kind, start }) => kind === '/answer' && start >= opening.end)
    : tags.findLast(({ kind }) => kind === '/answer');
  const thinkEnd = tags.find(({ kind }) => kind === '/think');
  const answerStart = opening?.end ?? (closing && thinkEnd ? thinkEnd.end : undefined);
  const answer =
    answerStart === undefined ? undefined : text.slice(answerStart, closing?.start ?? text.length);
  const thinkStart = tags.find(({ kind }) => kind === 'think')?.end ?? 0;
  const thinkStop = thinkEnd?.start ?? opening?.start ?? (thinkStart > 0 ? text.length : 0);
  const think = thinkStop > thinkStart ? text.slice(thinkStart, thinkStop).trim() : undefined;
  const hasThink = tags.some(({ kind }) => kind.endsWith('think'));
  return {
    ...(think !== undefined && (hasThink || think !== '') ? { think } : {}),
    ...(answer !== undefined ? { answer } : {}),
    rest: text.slice(thinkEnd?.end ?? (thinkStart > 0 ? text.length : 0)),
    isWellFormed,
    hasSurroundings: hasSurroundings(text, tags, isWellFormed),
  };
}

function hasSurroundings(text: string, tags: readonly Tag[], isWellFormed: boolean): boolean {
  if (!isWellFormed) return false;
  const [first, last] = [tags[0]!, tags.at(-1)!];
  const gap = tags.length === 4 ? text.slice(tags[1]!.end, tags[2]!.start) : '';
  return [text.slice(0, first.start), gap, text.slice(last.end)].some((part) => part.trim() !== '');
}
