/**
 * The tables of an ablation as text, decided once for the terminal, Markdown and the page: a row for
 * each arm, below it the published rows that it is the miniature of.
 * @module
 */
import { kilometres, PUBLISHED_THRESHOLDS_KM, type PublishedRow } from '../evaluate/index.ts';
import { type FoundClaim, type FoundTable, publishedName } from './findings.ts';
import { MEASURES } from './measures.ts';
import type { Ends } from './statistics.ts';

/** A row of cells; the first is its name. */
export interface CellRow {
  readonly isHere: boolean;
  readonly cells: readonly string[];
}

/** Behind a published figure that contradicts another one of its source. */
export const DOUBTFUL = '?';

const SHARES = ['within1', 'within25', 'within200', 'within750', 'within2500'] as const;

/** Heads of the columns. */
export const HEAD: readonly string[] = [
  '% within km',
  ...PUBLISHED_THRESHOLDS_KM.map(String),
  ...['median', 'reward', 'country', 'chain'],
];

const fixed = (value: number | null, decimals: number): string => value?.toFixed(decimals) ?? '';

function publishedCells(row: PublishedRow): CellRow {
  const percents = row.percent.map((percent, i) => {
    const isDoubtful = row.doubtful?.[PUBLISHED_THRESHOLDS_KM[i]!] !== undefined;
    return percent === null ? '' : `${percent.toFixed(1)}${isDoubtful ? DOUBTFUL : ''}`;
  });
  return { isHere: false, cells: [`  ${publishedName(row)}`, ...percents, '', '', '', ''] };
}

/** The rows of a table. */
export function cellRows({ rows }: FoundTable): CellRow[] {
  return rows.flatMap(({ title, measures, medianKm, published }) => [
    {
      isHere: true,
      cells: [
        title,
        ...SHARES.map((name) => fixed(measures[name], 1)),
        kilometres(medianKm),
        fixed(measures.reward, 3),
        fixed(measures.country, 1),
        fixed(measures.chain, 1),
      ],
    },
    ...published.map(publishedCells),
  ]);
}

/** A signed number, its zero without one. */
export const signed = (value: number, decimals: number): string => {
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '-' : '+'}${text}`;
};

/** `[-0.01, +0.02]`. */
export const endsText = ({ low, high }: Ends, decimals: number): string =>
  `[${signed(low, decimals)}, ${signed(high, decimals)}]`;

/** The difference that decides a claim, its interval and the seeds' own. */
export function differenceText({ difference, measure }: FoundClaim): string {
  const { title, decimals } = MEASURES[measure];
  const { value, interval, perSeed } = difference;
  const seeds = perSeed.map((mean) => signed(mean, Math.min(3, decimals))).join(' ');
  return `${title} ${signed(value, decimals)} ${endsText(interval, decimals)}; seeds ${seeds}`;
}

/** Which arms a claim sets against which: `cor - direct`. */
export const contrastText = ({ plus, minus }: FoundClaim): string =>
  [plus, minus].map((arms) => (arms.length > 1 ? `(${arms.join(' + ')})` : arms[0])).join(' - ');
