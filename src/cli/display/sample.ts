/**
 * A held-out tile beside its chain: picture on the left, truth and answer level by level on the right.
 * @module
 */
import { picture } from './picture.ts';
import { terminalKm } from './quantity.ts';
import type { DisplayChain, DisplaySample } from './state.ts';
import { type ColorDepth, cut, padded, plainText, toned } from './terminal.ts';

const LEVELS = ['country', 'region', 'city'] as const;
// 20 cells are 20 x 20 pixels: a coast or a river can be made out, and ten lines suffice.
const PICTURE_CELLS = 20;

const pointText = (chain: DisplayChain): string =>
  chain.coordinate ? `${chain.coordinate.lat.toFixed(2)}, ${chain.coordinate.lon.toFixed(2)}` : '–';

const isSame = (a: string, b: string): boolean =>
  a.trim().toLocaleLowerCase('en') === b.trim().toLocaleLowerCase('en');

const tableLines = (
  sample: DisplaySample,
  width: number,
  depth: ColorDepth,
  speaker: string,
): string[] => {
  const { truth, answer, distanceKm } = sample;
  const cell = Math.max(8, Math.floor((width - 9 - 2) / 2) - 1);
  const row = (name: string, left: string, right: string, mark = ' '): string =>
    `${toned(name.padEnd(9), 'quiet', depth)}${padded(plainText(left), cell)} ${mark} ${cut(plainText(right), cell)}`.trimEnd();
  const levels = LEVELS.map((level) => {
    const [expected, said] = [truth[level], answer[level]];
    const mark =
      !expected || !said
        ? ' '
        : isSame(expected, said)
          ? toned('✓', 'good', depth)
          : toned('✗', 'bad', depth);
    return row(level, expected ?? '–', said ?? '–', mark);
  });
  const off = distanceKm === null ? 'no coordinate' : `${terminalKm(distanceKm)} off`;
  return [
    row('', 'truth', speaker),
    ...levels,
    row('point', pointText(truth), pointText(answer)),
    `${' '.repeat(9)}${padded('', cell)}   ${toned(cut(off, cell), 'strong', depth)}`,
  ];
};

/**
 * The sample as lines; without enough colours the words stand alone.
 *
 * @param speaker - over the answer: who gave it, and when
 */
export function sampleLines(
  sample: DisplaySample,
  width: number,
  depth: ColorDepth,
  speaker = 'model now',
): string[] {
  const drawn = width >= 60 ? picture(sample.tile, sample.sizePx, PICTURE_CELLS, depth) : [];
  const indent = 4;
  if (drawn.length === 0) {
    return tableLines(sample, width - indent, depth, speaker).map(
      (line) => ' '.repeat(indent) + line,
    );
  }
  const words = tableLines(sample, width - indent - PICTURE_CELLS - 3, depth, speaker);
  const top = Math.floor((drawn.length - words.length) / 2);
  return drawn.map((line, i) => `${' '.repeat(indent)}${line}   ${words[i - top] ?? ''}`.trimEnd());
}

/**
 * The sample as one line, for a log.
 *
 * @param beginning - what the line is about
 */
export function sampleSentence(sample: DisplaySample, beginning = 'sample'): string {
  const chain = (one: DisplayChain): string => {
    const names = LEVELS.map((level) => one[level]).filter((name) => name !== undefined);
    const point = one.coordinate || names.length === 0 ? [pointText(one)] : [];
    return plainText([...names, ...point].join(' > '));
  };
  const off = sample.distanceKm === null ? 'no coordinate' : `${terminalKm(sample.distanceKm)} off`;
  return `${beginning}: truth ${chain(sample.truth)}; model ${chain(sample.answer)}; ${off}`;
}
