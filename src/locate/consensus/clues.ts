/**
 * What the model says it saw, collected over the samples that support the result.
 * @module
 */
import { foldName } from '../../chain/index.ts';
import type { LocatedSample } from '../sample.ts';

/** Clues in a result at most. */
const MOST_CLUES = 8;

/** Longer ones are prose, cut at a word, characters. */
const LONGEST_CLUE = 120;

/**
 * The clues of samples: the lists of staged answers, or else the sentences of free reasoning. What
 * more samples say comes first; of equals, what is said first.
 */
export function collectClues(samples: readonly Pick<LocatedSample, 'answer'>[]): string[] {
  const found = new Map<string, { readonly clue: string; count: number }>();
  for (const { answer } of samples) {
    const listed = (answer.stages ?? []).flatMap(({ clues }) => clues);
    const own = listed.length > 0 ? listed : sentences(answer.reasoning ?? '');
    for (const [key, clue] of new Map(own.map((text) => [foldName(text), shortened(text)]))) {
      if (key === '') continue;
      const entry = found.get(key);
      if (entry) entry.count++;
      else found.set(key, { clue, count: 1 });
    }
  }
  return [...found.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_CLUES)
    .map(({ clue }) => clue);
}

const sentences = (prose: string): string[] =>
  prose
    .replace(/[{}[\]"]+/g, ' ')
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.replace(/^[-*•\d.)\s]+/, '').trim())
    .filter((sentence) => sentence.length > 3);

function shortened(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.;,]$/, '');
  if (line.length <= LONGEST_CLUE) return line;
  return `${line.slice(0, LONGEST_CLUE).replace(/\s+\S*$/, '')} …`;
}
