/**
 * An evaluation as a person reads it in a terminal of 80 columns.
 * @module
 */
import { type Breakdown, SCENE_COLUMN } from '../breakdown.ts';
import type { RunComparison } from '../compare-runs.ts';
import type { Evaluation } from '../evaluate.ts';
import { READINGS } from '../readings.ts';
import type { Reliability } from '../reliability.ts';
import type { Interval } from '../resampling/interval.ts';
import { alignColumns, cut, kilometres, markdownTable, two, wrapWords } from './columns.ts';

/** What the five thresholds are called (Geo-R, section 4). */
const THRESHOLD_NAMES: Readonly<Record<number, string>> = {
  1: 'street',
  25: 'city',
  200: 'region',
  750: 'country',
  2500: 'continent',
};

const NAME_WIDTH = 22;
/** Groups, confused countries and repairs shown; JSON has all. */
const SHOWN_GROUPS = 16;
const SHOWN_CONFUSIONS = 5;

const thresholdName = (km: number): string =>
  THRESHOLD_NAMES[km] ? `${km} km (${THRESHOLD_NAMES[km]})` : `${km} km`;

const range = ({ ciLow, ciHigh }: Interval, text: (value: number | null) => string): string =>
  `${text(ciLow)} to ${text(ciHigh)}`;

/** Like a range of kilometres, an end without a number being beyond every answer. */
const kilometreRange = (interval: Interval): string =>
  range(interval, (value) => (value === null ? 'no answer' : kilometres(value).replace(' km', '')));

function accuracyRows(evaluation: Evaluation): string[][] {
  const { n, accuracy, levels, comparison, byReading, readings, reading } = evaluation;
  const other = reading === 'strict' ? 'tolerant' : 'strict';
  const beside = readings.repaired > 0 ? byReading?.[other].accuracy : undefined;
  const cells = (
    row: { count: number; percent: number; ciLow: number; ciHigh: number },
    of: number,
  ) => [`${row.count} / ${of}`, `${two(row.percent)} %`, range(row, (value) => two(value ?? 0))];
  return [
    ['', 'correct', 'accuracy', '95 % interval', ...(beside ? [other] : [])],
    ...accuracy.map((row, i) => [
      `${comparison} ${thresholdName(row.thresholdKm)}`,
      ...cells(row, n),
      ...(beside ? [`${two(beside[i]!.percent)} %`] : []),
    ]),
    ...Object.entries(levels ?? {}).map(([level, row]) => [`same ${level}`, ...cells(row, row.n)]),
  ];
}

/** Name, value, interval and remark of the figures that are no shares. */
function factRows(evaluation: Evaluation): string[][] {
  const { medianKm, medianInterval, meanKm, meanInterval, geoScore } = evaluation;
  return [
    ['median error', kilometres(medianKm), kilometreRange(medianInterval), 'no answer: infinite'],
    ['mean error', kilometres(meanKm), kilometreRange(meanInterval), 'of answered rows'],
    ...geoScore.map(({ scaleKm, rounded, value, ...interval }) => [
      'GeoScore',
      value.toFixed(1),
      range(interval, (end) => (end ?? 0).toFixed(1)),
      `5000 exp(-d/${scaleKm} km)${rounded ? ', rounded' : ''}`,
    ]),
  ];
}

function factLines(evaluation: Evaluation): string[] {
  const facts = factRows(evaluation);
  const notes = facts.map((fact) => fact[3]!);
  const aligned = alignColumns(facts.map((fact) => fact.slice(0, 3)));
  const width = Math.max(...aligned.map((line) => line.length));
  return aligned.map((line, i) => `${line.padEnd(width)}   ${notes[i]}`);
}

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const labelled = (label: string, text: string): string[] =>
  wrapWords(`${label}: ${text}`, label.length + 2);

function readingLines({ readings, repairs, geocoded }: Evaluation): string[] {
  const byName = Object.fromEntries(READINGS.map((name) => [name, readings[name]]));
  return [
    ...labelled('answers', counted(byName)),
    ...(repairs && counted(repairs) ? labelled('repairs', counted(repairs)) : []),
    ...(geocoded ? labelled('names found', counted(geocoded)) : []),
  ];
}

function breakdownTable({ by, groups }: Breakdown): string[] {
  const thresholds = groups[0]?.accuracy ?? [];
  // two thresholds with intervals fit a line; the second and the last but one say most
  const shown = thresholds.length <= 2 ? thresholds.map((_, i) => i) : [1, thresholds.length - 2];
  const head = [
    by.toLowerCase() === SCENE_COLUMN ? `by scene (${by})` : `by ${cut(by, NAME_WIDTH - 3)}`,
    'n',
    ...shown.flatMap((i) => [`${thresholds[i]!.thresholdKm} km`, '95 % int.']),
    'median',
  ];
  const rows = groups.slice(0, SHOWN_GROUPS).map(({ group, n, accuracy, medianKm }) => [
    cut(group, NAME_WIDTH),
    String(n),
    ...shown.flatMap((i) => {
      const { percent, ciLow, ciHigh } = accuracy[i]!;
      return [`${percent.toFixed(1)} %`, `${ciLow.toFixed(1)}-${ciHigh.toFixed(1)}`];
    }),
    kilometres(medianKm),
  ]);
  const hidden = groups.length - SHOWN_GROUPS;
  return [
    ...alignColumns([head, ...rows], '  '),
    ...(hidden > 0 ? [`and ${hidden} more (--json has all)`] : []),
  ];
}

function reliabilityTable({ withinKm, n, ignored, bins, ...rest }: Reliability): string[] {
  const rows = bins.map((bin) => [
    `${bin.from.toFixed(1)} to ${bin.to.toFixed(1)}`,
    String(bin.n),
    bin.meanConfidence.toFixed(3),
    `${two(bin.percent)} %`,
    range(bin, (value) => two(value ?? 0)),
  ]);
  return [
    ...alignColumns([
      ['stated confidence', 'n', 'mean', `within ${withinKm} km`, '95 % interval'],
      ...rows,
    ]),
    `expected calibration error ${rest.expectedCalibrationError.toFixed(4)} over ${n} rows` +
      (ignored > 0 ? `; ${ignored} outside [0, 1] left out` : ''),
  ];
}

const confusionLines = ({ confusions = [] }: Evaluation): string[] => {
  const rows = confusions
    .filter(({ count }) => count > 1)
    .slice(0, SHOWN_CONFUSIONS)
    .map(({ truth, answered, count }) => [`${cut(truth, 30)} as ${cut(answered, 30)}`, `${count}`]);
  return rows.length === 0 ? [] : alignColumns([['taken for another country', 'rows'], ...rows]);
};

/** How many rows there were and how they were measured. */
function headLines(evaluation: Evaluation): string[] {
  const { n, answered, invalid, valid, distance, comparison, reading, contract } = evaluation;
  const measure = distance === 'haversine' ? 'haversine (R = 6371 km)' : 'WGS84 geodesic';
  const read = contract ? `; ${contract}, ${reading} reading` : '';
  return [
    `${n} rows, ${answered} answered (${two(valid.percent)} %), ${invalid} invalid and counted as wrong`,
    `${measure}, right if d ${comparison} threshold${read}`,
  ];
}

const bootstrapLine = ({ bootstrap }: Evaluation): string =>
  `95 % intervals: shares Wilson, others bootstrap (${bootstrap.resamples} resamples, seed ${bootstrap.seed})`;

/** The whole evaluation as lines of text, without a line break at the end. */
export function formatEvaluation(evaluation: Evaluation): string {
  const sections = [
    headLines(evaluation),
    alignColumns(accuracyRows(evaluation), '  '),
    [...factLines(evaluation), bootstrapLine(evaluation)],
    readingLines(evaluation),
    ...(evaluation.breakdowns ?? []).map(breakdownTable),
    confusionLines(evaluation),
    evaluation.reliability ? reliabilityTable(evaluation.reliability) : [],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const signed = (value: number | null, decimals: number): string =>
  value === null ? 'none' : `${value > 0 ? '+' : ''}${value.toFixed(decimals)}`;

/** Accuracy and the other figures as Markdown; breakdowns are left to JSON. */
export function markdownEvaluation(evaluation: Evaluation): string {
  return [
    ...headLines(evaluation).map((line) => `- ${line.replace('<', '\\<')}`),
    `- ${bootstrapLine(evaluation)}`,
    '',
    ...markdownTable(accuracyRows(evaluation)),
    '',
    ...markdownTable([['', 'value', '95 % interval', ''], ...factRows(evaluation)]),
  ].join('\n');
}

function comparisonRows(comparison: RunComparison): string[][] {
  const row = (name: string, figure: RunComparison['medianKm'], decimals: number) => [
    name,
    signed(figure.difference, decimals),
    range(figure, (value) => signed(value, decimals)),
    figure.verdict,
  ];
  return [
    ['', 'difference', '95 % interval', 'the first is'],
    ...comparison.accuracy.map((at) => row(`${thresholdName(at.thresholdKm)}, points`, at, 2)),
    row('median error, km', comparison.medianKm, 1),
    ...comparison.geoScore.map((score) => row(`GeoScore (${score.scaleKm} km)`, score, 1)),
  ];
}

const comparisonNote = ({ n }: RunComparison): string =>
  `${n} pictures, resampled in pairs; a verdict only where the interval excludes 0`;

/** The first run against the second as lines of text. */
export function formatComparison(comparison: RunComparison, first: string, second: string): string {
  return [
    `${cut(first, 36)} against ${cut(second, 36)}`,
    ...alignColumns(comparisonRows(comparison), '  '),
    comparisonNote(comparison),
  ].join('\n');
}

/** The first run against the second as Markdown. */
export function markdownComparison(
  comparison: RunComparison,
  first: string,
  second: string,
): string {
  return [
    `**${first}** against **${second}**: ${comparisonNote(comparison)}.`,
    '',
    ...markdownTable(comparisonRows(comparison)),
  ].join('\n');
}
