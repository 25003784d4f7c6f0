/**
 * Ours among published rows, for a terminal of 80 columns and as Markdown.
 * @module
 */
import type { ComparedCell, ComparedRow, PublishedComparison } from '../published/compare.ts';
import { PUBLISHED_SOURCES, PUBLISHED_THRESHOLDS_KM } from '../published/row.ts';
import { alignColumns, cut, markdownTable, two, wrapWords } from './columns.ts';

const NAME_WIDTH = 19;
const SOURCE_WIDTH = 15;
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
  sources.map((source) => source.replace(', Table ', ' ').replace(/, .*$/, '')).join('+');

function cellsOf(row: ComparedRow, footnotes: Footnotes): string[] {
  return PUBLISHED_THRESHOLDS_KM.map((thresholdKm) => {
    const cell = row.cells.find((own) => own.thresholdKm === thresholdKm);
    if (!cell) return '';
    const mark = cell.verdict ? MARKS[cell.verdict] : ' ';
    return `${two(cell.percent)}${footnotes.mark(cell, row.method)}${mark}`;
  });
}

/** The year, and R behind it where the method looks pictures up. */
const yearOf = ({ year, retrieval }: ComparedRow): string =>
  `${year ?? ''}${retrieval ? 'R' : ' '}`;

/** What a reader has to know, in lines. */
function legend({ n, benchmarkRows, sortedByKm, rows }: PublishedComparison): string[] {
  if (rows.every((row) => row.isOurs)) return ['no published figures are known here for it'];
  const indication = rows
    .find((row) => !row.isOurs && row.cells.some((cell) => cell.thresholdKm === sortedByKm))
    ?.cells.find((cell) => cell.thresholdKm === sortedByKm);
  const half =
    indication?.ciLow !== undefined && indication.ciHigh !== undefined
      ? `; Wilson over ${benchmarkRows} rows: about ±${((indication.ciHigh - indication.ciLow) / 2).toFixed(1)} at ${sortedByKm} km`
      : '';
  return [
    `+ better: our interval (n = ${n}) lies above the figure; - worse; blank: not shown`,
    `Published figures come without intervals${half}`,
    'R: retrieval-based by Geo-R, Table 1; numbers behind sources are tables',
  ];
}

const usedSources = ({ rows }: PublishedComparison): string[] =>
  Object.values(PUBLISHED_SOURCES)
    .filter(({ short }) => rows.some((row) => row.sources.some((name) => name.startsWith(short))))
    .map(({ full }) => full);

/** The comparison as lines of text, without a line break at the end. */
export function formatPublished(comparison: PublishedComparison): string {
  const footnotes = new Footnotes();
  const rows = comparison.rows.map((row) => {
    const name = `${row.isOurs ? '> ' : '  '}${row.method}`;
    const isLong = name.length > NAME_WIDTH;
    const cells = [
      isLong ? '' : name,
      yearOf(row),
      ...cellsOf(row, footnotes),
      cut(shortSources(row), SOURCE_WIDTH).padEnd(SOURCE_WIDTH),
    ];
    return { cells, above: isLong ? [name] : [] };
  });
  const head = ['', 'year ', ...PUBLISHED_THRESHOLDS_KM.map((km) => `${km} km`)];
  const [first = '', ...table] = alignColumns(
    [[...head, 'from'.padEnd(SOURCE_WIDTH)], ...rows.map(({ cells }) => cells)],
    ' ',
  );
  return [
    comparison.title,
    '% within a distance: this run among published figures',
    first,
    // a name that is too long for its column stands on a line of its own
    ...table.flatMap((line, i) => [...rows[i]!.above, line]),
    ...[...legend(comparison), ...footnotes.lines, ...usedSources(comparison)].flatMap((line) =>
      wrapWords(line, 3),
    ),
  ].join('\n');
}

/** The comparison as a Markdown table with its footnotes. */
export function markdownPublished(comparison: PublishedComparison): string {
  const footnotes = new Footnotes();
  const rows = comparison.rows.map((row) => [
    row.isOurs ? `**${row.method}**` : row.method,
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
