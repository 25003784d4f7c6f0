/**
 * Ours among published rows, for a terminal of 80 columns and as Markdown.
 * @module
 */
import type { ComparedCell, ComparedRow, PublishedComparison } from '../published/compare.ts';
import { PUBLISHED_SOURCES, PUBLISHED_THRESHOLDS_KM } from '../published/row.ts';
import { alignColumns, cut, markdownTable, two } from './columns.ts';

const NAME_WIDTH = 23;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Marks behind a published figure: our interval lies above it, or below it. */
const MARKS = { better: '+', worse: '-', 'no difference shown': ' ' } as const;

/** Footnotes of doubtful figures, lettered as they come. */
class Footnotes {
  readonly lines: string[] = [];

  mark({ doubtful, thresholdKm }: ComparedCell, method: string): string {
    if (doubtful === undefined) return '';
    const letter = LETTERS[this.lines.length] ?? '?';
    this.lines.push(`${letter}) ${method}, ${thresholdKm} km: ${doubtful}`);
    return letter;
  }
}

/** `Geo-R 1, GLOBE 2`: the numbers are those of tables. */
const shortSources = ({ sources }: ComparedRow): string =>
  sources.map((source) => source.replace(', Table ', ' ').replace(/, .*$/, '')).join(', ');

function cellsOf(row: ComparedRow, footnotes: Footnotes): string[] {
  return PUBLISHED_THRESHOLDS_KM.map((thresholdKm) => {
    const cell = row.cells.find((own) => own.thresholdKm === thresholdKm);
    if (!cell) return '';
    const mark = cell.verdict ? MARKS[cell.verdict] : ' ';
    return `${two(cell.percent)}${footnotes.mark(cell, row.method)}${mark}`;
  });
}

const retrievalMark = ({ retrieval }: ComparedRow): string => (retrieval ? 'R' : '');

/** What a reader has to know, in lines. */
function legend({ n, benchmarkRows, sortedByKm, rows }: PublishedComparison): string[] {
  const indication = rows
    .find((row) => !row.isOurs && row.cells.some((cell) => cell.thresholdKm === sortedByKm))
    ?.cells.find((cell) => cell.thresholdKm === sortedByKm);
  const half =
    indication?.ciLow !== undefined && indication.ciHigh !== undefined
      ? ` (about ±${((indication.ciHigh - indication.ciLow) / 2).toFixed(1)} at ${sortedByKm} km by Wilson over ${benchmarkRows} rows)`
      : '';
  return [
    `+ ours is better: its 95 % interval lies above the figure; - worse; no mark: neither shown.`,
    `Published figures have no interval of their own${half}.`,
    `R: retrieval-based by Geo-R, Table 1. Numbers behind sources are tables. Ours: n = ${n}.`,
  ];
}

const usedSources = ({ rows }: PublishedComparison): string[] =>
  Object.values(PUBLISHED_SOURCES)
    .filter(({ short }) => rows.some((row) => row.sources.some((name) => name.startsWith(short))))
    .map(({ full }) => full);

/** Text broken between words so that no line exceeds 80 columns. */
function wrapWords(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > 79) {
      lines.push(line);
      line = `   ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The comparison as lines of text, without a line break at the end. */
export function formatPublished(comparison: PublishedComparison): string {
  const footnotes = new Footnotes();
  const table = alignColumns(
    [
      ['% within', 'year', '', ...PUBLISHED_THRESHOLDS_KM.map((km) => `${km} km `), 'from'],
      ...comparison.rows.map((row) => [
        `${row.isOurs ? '> ' : '  '}${cut(row.method, NAME_WIDTH)}`,
        row.year === undefined ? '' : String(row.year),
        retrievalMark(row),
        ...cellsOf(row, footnotes),
        cut(shortSources(row), 18),
      ]),
    ],
    ' ',
  );
  return [
    `${comparison.title}: this run among published figures, by accuracy at ${comparison.sortedByKm} km`,
    ...table,
    ...[...legend(comparison), ...footnotes.lines, ...usedSources(comparison)].flatMap(wrapWords),
  ].join('\n');
}

/** The comparison as a Markdown table with its footnotes. */
export function markdownPublished(comparison: PublishedComparison): string {
  const footnotes = new Footnotes();
  const rows = comparison.rows.map((row) => [
    row.isOurs ? `this run: ${row.method}` : row.method,
    row.year === undefined ? '' : String(row.year),
    row.retrieval === undefined ? '' : row.retrieval ? 'yes' : 'no',
    ...cellsOf(row, footnotes).map((cell) => cell.trim()),
    row.sources.join('; '),
  ]);
  const head = [
    'Method',
    'Year',
    'Retrieval',
    ...PUBLISHED_THRESHOLDS_KM.map((km) => `${km} km`),
    'Source',
  ];
  return [
    `**${comparison.title}**, % within a distance, by accuracy at ${comparison.sortedByKm} km.`,
    '',
    ...markdownTable([head, ...rows]),
    '',
    ...[...legend(comparison), ...footnotes.lines, ...usedSources(comparison)].map(
      (line) => `- ${line.replace(/^([+-])/, '\\$1')}`,
    ),
  ].join('\n');
}
