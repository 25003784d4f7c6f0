/**
 * An evaluation as a person reads it in a terminal of 80 columns.
 * @module
 */
import type { Breakdown } from '../breakdown.ts';
import type { RunComparison } from '../compare-runs.ts';
import type { Evaluation } from '../evaluate.ts';
import { READINGS } from '../readings.ts';
import type { Reliability } from '../reliability.ts';
import type { Interval } from '../resampling/interval.ts';
import { alignColumns, cut, kilometres, two } from './columns.ts';

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

function accuracyTable(evaluation: Evaluation): string[] {
  const { n, accuracy, levels, comparison, byReading, readings, reading } = evaluation;
  const other = reading === 'strict' ? 'tolerant' : 'strict';
  const beside = readings.repaired > 0 ? byReading?.[other].accuracy : undefined;
  const cells = (
    row: { count: number; percent: number; ciLow: number; ciHigh: number },
    of: number,
  ) => [`${row.count} / ${of}`, `${two(row.percent)} %`, range(row, (value) => two(value ?? 0))];
  return alignColumns([
    ['', 'correct', 'accuracy', '95 % interval', ...(beside ? [`${other} reading`] : [])],
    ...accuracy.map((row, i) => [
      `${comparison} ${thresholdName(row.thresholdKm)}`,
      ...cells(row, n),
      ...(beside ? [`${two(beside[i]!.percent)} %`] : []),
    ]),
    ...Object.entries(levels ?? {}).map(([level, row]) => [`same ${level}`, ...cells(row, row.n)]),
  ]);
}

function factLines(evaluation: Evaluation): string[] {
  const { medianKm, medianInterval, meanKm, meanInterval, geoScore } = evaluation;
  const facts = [
    ['median error', kilometres(medianKm), kilometreRange(medianInterval), 'no answer: infinite'],
    ['mean error', kilometres(meanKm), kilometreRange(meanInterval), 'of answered rows'],
    ...geoScore.map(({ scaleKm, rounded, value, ...interval }) => [
      'GeoScore',
      value.toFixed(1),
      range(interval, (end) => (end ?? 0).toFixed(1)),
      `5000 exp(-d/${scaleKm} km)${rounded ? ', rounded' : ''}`,
    ]),
  ];
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

/** Text broken at commas so that a line keeps within 80 columns. */
function wrapped(label: string, text: string): string[] {
  const lines: string[] = [];
  let line = `${label}: `;
  const indent = ' '.repeat(label.length + 2);
  for (const part of text.split(', ')) {
    const next = line.trim() === '' || line.endsWith(': ') ? line + part : `${line}, ${part}`;
    if (next.length <= 79) line = next;
    else {
      lines.push(`${line},`);
      line = indent + part;
    }
  }
  return [...lines, line];
}

function readingLines({ readings, repairs, geocoded }: Evaluation): string[] {
  const byName = Object.fromEntries(READINGS.map((name) => [name, readings[name]]));
  return [
    ...wrapped('answers', counted(byName)),
    ...(repairs && counted(repairs) ? wrapped('repairs', counted(repairs)) : []),
    ...(geocoded ? wrapped('names found', counted(geocoded)) : []),
  ];
}

function breakdownTable({ by, groups }: Breakdown): string[] {
  const thresholds = groups[0]?.accuracy ?? [];
  // two thresholds with intervals fit a line; the second and the last but one say most
  const shown = thresholds.length <= 2 ? thresholds.map((_, i) => i) : [1, thresholds.length - 2];
  const head = [
    `by ${cut(by, NAME_WIDTH - 3)}`,
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

/** The whole evaluation as lines of text, without a line break at the end. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { n, answered, invalid, valid, distance, comparison, reading, bootstrap } = evaluation;
  const sphere = distance === 'haversine' ? 'haversine, R = 6371 km' : 'geodesic on WGS84';
  const read = evaluation.contract ? `, ${reading} reading (${evaluation.contract})` : '';
  const sections = [
    [
      `${n} rows, ${answered} answered (${two(valid.percent)} %), ${invalid} invalid and counted as wrong`,
      `distance: ${sphere}; right when d ${comparison} threshold${read}`,
    ],
    accuracyTable(evaluation),
    [
      ...factLines(evaluation),
      `95 % intervals: shares Wilson; others bootstrap, ${bootstrap.resamples} resamples, seed ${bootstrap.seed}`,
    ],
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

/** The first run against the second as lines of text. */
export function formatComparison(comparison: RunComparison, first: string, second: string): string {
  const row = (name: string, figure: RunComparison['medianKm'], decimals: number) => [
    name,
    signed(figure.difference, decimals),
    range(figure, (value) => signed(value, decimals)),
    figure.verdict,
  ];
  return [
    `${cut(first, 36)} against ${cut(second, 36)}`,
    ...alignColumns([
      ['', 'difference', '95 % interval', 'the first is'],
      ...comparison.accuracy.map((at) => row(`${thresholdName(at.thresholdKm)}, points`, at, 2)),
      row('median error, km', comparison.medianKm, 1),
      ...comparison.geoScore.map((score) => row(`GeoScore (${score.scaleKm} km)`, score, 1)),
    ]),
    `${comparison.n} pictures, resampled in pairs; a word of better or worse only where the interval excludes 0`,
  ].join('\n');
}
