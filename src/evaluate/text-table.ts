/**
 * An evaluation as a person reads it in a terminal.
 * @module
 */
import type { Evaluation } from './evaluate.ts';

const names: Readonly<Record<number, string>> = {
  1: 'street',
  25: 'city',
  200: 'region',
  750: 'country',
  2500: 'continent',
};

/** Columns to a common width: the first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('   ')
      .trimEnd(),
  );
}

const two = (value: number): string => value.toFixed(2);
const kilometres = (value: number | null): string =>
  value === null ? 'none' : `${value.toFixed(value < 10 ? 2 : 1)} km`;

interface Row {
  readonly count: number;
  readonly percent: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

const shareCells = ({ count, percent, ciLow, ciHigh }: Row, n: number): string[] => [
  `${count} / ${n}`,
  `${two(percent)} %`,
  `${two(ciLow)} to ${two(ciHigh)}`,
];

/** The whole evaluation as lines of text, without a line break at the end. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { n, answered, invalid, accuracy, levels, repairs } = evaluation;
  const header = ['', 'correct', 'accuracy', '95 % interval'];
  const within = accuracy.map((row) => [
    `${evaluation.comparison} ${row.thresholdKm} km${names[row.thresholdKm] ? ` (${names[row.thresholdKm]})` : ''}`,
    ...shareCells(row, n),
  ]);
  const inside = Object.entries(levels ?? {}).map(([level, row]) => [
    `same ${level}`,
    ...shareCells(row, row.n),
  ]);
  const facts = [
    ['median error', kilometres(evaluation.medianKm), 'over all rows, no answer is infinitely far'],
    ['mean error', kilometres(evaluation.meanKm), 'over answered rows'],
    ...evaluation.geoScore.map(({ scaleKm, rounded, value }) => [
      'GeoScore',
      value.toFixed(1),
      `5000 exp(-d / ${scaleKm} km)${rounded ? ', rounded per picture' : ''}`,
    ]),
  ];
  const label = Math.max(...facts.map((row) => row[0]!.length));
  const figure = Math.max(...facts.map((row) => row[1]!.length));
  const lines = [
    `${n} rows, ${answered} answered, ${invalid} without a readable coordinate (${two((100 * invalid) / n)} %)`,
    `distance: ${evaluation.distance}`,
    '',
    ...aligned([header, ...within, ...inside]),
    '',
    ...facts.map(
      ([name, value, note]) => `${name!.padEnd(label)}   ${value!.padStart(figure)}   ${note}`,
    ),
  ];
  const mended = Object.entries(repairs ?? {}).sort((a, b) => b[1] - a[1]);
  if (mended.length > 0)
    lines.push('', `repairs: ${mended.map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
  return lines.join('\n');
}
