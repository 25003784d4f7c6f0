/**
 * What a report may say about its numbers, decided once for HTML and Markdown.
 *
 * A difference is called better or worse only when its paired 95 % interval excludes zero.
 * @module
 */
import type {
  AccuracyAt,
  Measure,
  ReportChain,
  ReportComparison,
  ReportInput,
  ReportSystem,
} from './report-input.ts';
import { formatInterval, formatNumber, formatSigned, isNumber } from './svg/format.ts';

/** The word for a comparison. */
export type Verdict = 'better' | 'worse' | 'inside the noise' | 'not measured';

/** Judges a paired difference by its interval. */
export function verdictOf(comparison: ReportComparison): Verdict {
  const { difference, ciLow, ciHigh, higherIsBetter } = comparison;
  if (!isNumber(difference) || !isNumber(ciLow) || !isNumber(ciHigh)) return 'not measured';
  if (ciLow <= 0 && ciHigh >= 0) return 'inside the noise';
  return ciLow > 0 === higherIsBetter ? 'better' : 'worse';
}

const UNITS = {
  reward: { decimals: 3, suffix: '' },
  km: { decimals: 0, suffix: '\u202fkm' },
  points: { decimals: 1, suffix: ' points' },
} as const;

/** A comparison's numbers as text. */
export function comparisonText(comparison: ReportComparison): {
  readonly difference: string;
  readonly interval: string;
  readonly decimals: number;
} {
  const { decimals, suffix } = UNITS[comparison.unit];
  return {
    difference: formatSigned(comparison.difference, decimals) + suffix,
    interval: formatInterval(comparison.ciLow, comparison.ciHigh, decimals),
    decimals,
  };
}

/** The systems a headline compares: the named ones, else the last trained one alone. */
export function headlineSystems(input: ReportInput): {
  readonly before: ReportSystem | undefined;
  readonly after: ReportSystem | undefined;
} {
  const named = (name: string | undefined): ReportSystem | undefined =>
    name === undefined ? undefined : input.systems.find((system) => system.name === name);
  const after =
    named(input.after) ?? input.systems.findLast(({ role }) => role === 'main') ?? input.systems[0];
  return { before: named(input.before), after };
}

/** All thresholds that any system was measured at, ascending. */
export function thresholdsOf(input: ReportInput): number[] {
  const all = input.systems.flatMap(({ evaluation }) =>
    evaluation.accuracy.map(({ thresholdKm }) => thresholdKm),
  );
  return [...new Set(all)].sort((a, b) => a - b);
}

/** A system's accuracy at a threshold. */
export function accuracyAt(system: ReportSystem, thresholdKm: number): AccuracyAt | undefined {
  return system.evaluation.accuracy.find((column) => column.thresholdKm === thresholdKm);
}

/** Whether a system's interval at a threshold lies wholly above those of all others. */
export function leads(input: ReportInput, system: ReportSystem, thresholdKm: number): boolean {
  const own = accuracyAt(system, thresholdKm);
  const others = input.systems.filter((other) => other !== system);
  if (!own || others.length === 0) return false;
  return others.every((other) => {
    const column = accuracyAt(other, thresholdKm);
    return column === undefined || own.ciLow > column.ciHigh;
  });
}

/** `n` of the evaluation, or its range when systems differ. */
export function sampleSize(input: ReportInput): string {
  const sizes = input.systems.map(({ evaluation }) => evaluation.n);
  if (sizes.length === 0) return formatNumber(0);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  return low === high ? formatNumber(low, 0) : formatInterval(low, high, 0);
}

/** Which of the optional columns any system has. */
export function optionalColumns(input: ReportInput): {
  readonly title: string;
  readonly kind: 'percent' | 'reward';
  readonly of: (system: ReportSystem) => Measure | undefined;
}[] {
  const columns = [
    {
      title: 'Country right',
      kind: 'percent',
      of: ({ evaluation }: ReportSystem) => evaluation.countryPercent,
    },
    {
      title: 'Chain agrees',
      kind: 'percent',
      of: ({ evaluation }: ReportSystem) => evaluation.consistencyPercent,
    },
    {
      title: 'Geo-R reward',
      kind: 'reward',
      of: ({ evaluation }: ReportSystem) => evaluation.meanReward,
    },
  ] as const;
  return columns.filter(({ of }) => input.systems.some((system) => isNumber(of(system)?.value)));
}

/** How a level of an answered chain compares with the truth. */
export type LevelMark = 'right' | 'wrong' | 'not named' | 'no truth';

/** Compares one level by name, ignoring case and surrounding blanks. */
export function markLevel(
  truth: ReportChain,
  answer: ReportChain,
  level: 'country' | 'region' | 'city',
): LevelMark {
  const [expected, said] = [truth[level]?.trim(), answer[level]?.trim()];
  if (!expected) return 'no truth';
  if (!said) return 'not named';
  return expected.toLocaleLowerCase('en') === said.toLocaleLowerCase('en') ? 'right' : 'wrong';
}

/** The sentence below every results table. */
export function tableNote(input: ReportInput): string {
  const seed = input.seed === undefined ? '' : ` Seed ${input.seed}.`;
  return (
    `n = ${sampleSize(input)} held-out tiles; ranges are 95 % confidence intervals.${seed} ` +
    'An absent or unreadable answer counts as wrong. Bold marks a value whose interval lies wholly ' +
    'above those of all other rows; differences inside the noise are not called better.'
  );
}
