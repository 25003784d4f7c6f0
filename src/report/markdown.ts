/**
 * The key figures and the results table as Markdown, for a terminal, an issue or a README.
 * @module
 */
import {
  accuracyAt,
  comparisonText,
  headlineSystems,
  leads,
  optionalColumns,
  tableNote,
  thresholdsOf,
  verdictOf,
} from './facts.ts';
import type { Measure, ReportInput, ReportSystem } from './report-input.ts';
import {
  formatDuration,
  formatInterval,
  formatKm,
  formatNumber,
  isNumber,
  NO_NUMBER,
} from './svg/format.ts';

/** Escapes what Markdown or the HTML inside it would interpret. Line breaks become spaces. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\\`*_[\]#|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

const measureText = (measure: Measure | undefined, decimals: number, suffix = ''): string => {
  if (!measure || !isNumber(measure.value)) return NO_NUMBER;
  const interval = formatInterval(measure.ciLow, measure.ciHigh, decimals);
  const value = formatNumber(measure.value, decimals) + suffix;
  return interval === NO_NUMBER ? value : `${value} (${interval})`;
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const systemRow = (
  input: ReportInput,
  system: ReportSystem,
  thresholds: readonly number[],
): string => {
  const accuracies = thresholds.map((km) => {
    const column = accuracyAt(system, km);
    if (!column) return NO_NUMBER;
    const percent = formatNumber(column.percent, 1);
    const value = leads(input, system, km) ? `**${percent}**` : percent;
    return `${value} (${formatInterval(column.ciLow, column.ciHigh, 1)})`;
  });
  const optional = optionalColumns(input).map(({ kind, of }) =>
    kind === 'percent' ? measureText(of(system), 1, '\u202f%') : measureText(of(system), 3),
  );
  return row([
    escapeMarkdown(system.name),
    ...accuracies,
    formatKm(system.evaluation.medianKm),
    ...optional,
  ]);
};

const systemsTable = (input: ReportInput): string => {
  const thresholds = thresholdsOf(input);
  const head = [
    'System',
    ...thresholds.map((km) => `≤ ${formatKm(km)}, %`),
    'Median',
    ...optionalColumns(input).map(({ title }) => title),
  ];
  return [
    row(head),
    row(head.map((_, i) => (i === 0 ? ':--' : '--:'))),
    ...input.systems.map((system) => systemRow(input, system, thresholds)),
  ].join('\n');
};

/** Renders the tables and the key figures. Ends with a line break. */
export function renderMarkdown(input: ReportInput): string {
  const { before, after } = headlineSystems(input);
  const seconds = input.stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const parts = [`# ${escapeMarkdown(input.title)}`, escapeMarkdown(input.trained)];
  const figures: string[] = [];
  if (after) {
    const from =
      before && before !== after
        ? ` (${escapeMarkdown(before.name)}: ${formatKm(before.evaluation.medianKm)})`
        : '';
    figures.push(
      `- Median error, ${escapeMarkdown(after.name)}: ${formatKm(after.evaluation.medianKm)}${from}`,
    );
  }
  for (const comparison of input.comparisons ?? []) {
    const { difference, interval } = comparisonText(comparison);
    const { metric, from, to } = comparison;
    figures.push(
      `- ${escapeMarkdown(`${metric}, ${to} against ${from}`)}: ${difference} (${interval}), ${verdictOf(comparison)}`,
    );
  }
  if (input.stages.length > 0) {
    const stages = input.stages.map(
      ({ name, seconds: own }) => `${escapeMarkdown(name)} ${formatDuration(own)}`,
    );
    figures.push(`- Time: ${formatDuration(seconds)} (${stages.join(', ')})`);
  }
  if (figures.length > 0) parts.push(figures.join('\n'));
  if (input.systems.length > 0) parts.push(systemsTable(input), tableNote(input));
  parts.push(escapeMarkdown(input.measured), ...(input.notes ?? []).map(escapeMarkdown));
  if (input.transfer) {
    const { title, measured, systems } = input.transfer;
    parts.push(
      `## ${escapeMarkdown(title)}`,
      escapeMarkdown(measured),
      systemsTable({ ...input, systems }),
    );
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
