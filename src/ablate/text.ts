/**
 * Findings for a terminal of 80 columns and as Markdown.
 * @module
 */
import { alignColumns, markdownTable, wrapWords } from '../evaluate/index.ts';
import { cellRows, DOUBTFUL, differenceText, HEAD } from './cells.ts';
import { type Findings, type FoundClaim, type FoundTable, LIMITS } from './findings.ts';
import { LEAST_SEEDS } from './statistics.ts';

/** Where the second column of the claims begins. */
const CLAIM_INDENT = 11;

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How much the figures rest on. */
export const restsOn = ({ seeds, tiles }: Findings): string =>
  `${plural(seeds.length, 'seed')} (${seeds.join(', ')}), ${tiles} held-out tiles each`;

/** How verdicts are reached. */
export const RULE =
  'seen here: the 95 % interval of the difference (bootstrap over seeds, then tiles) lies above 0; ' +
  `not seen: below 0; undecided: neither, or fewer than ${LEAST_SEEDS} seeds`;

/** What marks and columns mean. */
export const COLUMNS =
  'median: mean of the medians of seeds; reward: Geo-R, of the coordinate; country: named right; ' +
  `chain: all named places are where the coordinate lies; ${DOUBTFUL} doubtful in the source`;

/** Lines of all tables; their columns stand below each other. */
function tableLines(tables: readonly FoundTable[]): string[] {
  const shown = tables.filter(({ rows }) => rows.length > 0);
  const cells = shown.map((table) => [HEAD, ...cellRows(table).map((row) => row.cells)]);
  const lines = alignColumns(cells.flat(), ' ');
  return shown.flatMap(({ title, source }, i) => [
    title,
    ...wrapWords(source, 0),
    ...lines.splice(0, cells[i]!.length),
    '',
  ]);
}

function claimLines(claim: FoundClaim): string[] {
  const indent = ' '.repeat(CLAIM_INDENT);
  const { verdict, text, source, caveat } = claim;
  const indented = (line: string): string[] => wrapWords(indent + line, CLAIM_INDENT);
  return [
    ...wrapWords(`${verdict.padEnd(CLAIM_INDENT)}${text} (${source})`, CLAIM_INDENT),
    ...indented(differenceText(claim)),
    ...(caveat === undefined ? [] : indented(caveat)),
  ];
}

/** Lines of text, without a line break at the end. */
export function formatFindings(findings: Findings): string {
  const { tables, claims } = findings;
  return [
    ...wrapWords(`Means over ${restsOn(findings)}; below each row what papers print.`, 0),
    '',
    ...tableLines(tables),
    ...wrapWords(COLUMNS, 2),
    '',
    ...(claims.length > 0
      ? ['Claims', ...claims.flatMap(claimLines), ...wrapWords(RULE, 2), '']
      : []),
    'What this cannot say',
    ...LIMITS.flatMap((limit) => wrapWords(`- ${limit}`, 2)),
  ].join('\n');
}

const markdownOf = (table: FoundTable): string[] =>
  table.rows.length === 0
    ? []
    : [
        `### ${table.title}`,
        '',
        `${table.source}.`,
        '',
        ...markdownTable([
          HEAD,
          ...cellRows(table).map(({ isHere, cells: [name = '', ...rest] }) => [
            isHere ? name : `– ${name.trim()}`,
            ...rest,
          ]),
        ]),
        '',
      ];

/** The same as Markdown; ends with a line break. */
export function markdownFindings(findings: Findings): string {
  const { tables, claims } = findings;
  const lines = [
    '# The papers’ tables in miniature',
    '',
    `Means over ${restsOn(findings)}; below each row what papers print. ${COLUMNS}.`,
    '',
    ...tables.flatMap(markdownOf),
  ];
  if (claims.length > 0)
    lines.push(
      '### Claims',
      '',
      `${RULE}.`,
      '',
      ...markdownTable([
        ['Claim', 'Source', 'Difference', 'Verdict'],
        ...claims.map((claim) => [
          claim.text,
          claim.source,
          differenceText(claim),
          claim.caveat === undefined ? claim.verdict : `${claim.verdict}; ${claim.caveat}`,
        ]),
      ]),
      '',
    );
  lines.push('### What this cannot say', '', ...LIMITS.map((limit) => `- ${limit}`));
  return `${lines.join('\n')}\n`;
}
