/**
 * The figures of an evaluation as tables.
 * @module
 */
import { type Evaluation, READINGS, type Share } from '../../evaluate/index.ts';
import { type Content, html, table } from '../markup.ts';
import {
  formatInterval,
  formatKm,
  formatNumber,
  formatPercent,
  isNumber,
  type MaybeNumber,
  NO_NUMBER,
} from '../svg/format.ts';
import { columnTitle } from './charts.ts';
import { cutText } from './cut-text.ts';
import { READING_WORDS } from './readings.ts';

/** Above intervals; never broken over lines. */
const INTERVAL_HEAD = '95\u00a0%\u00a0interval';

const LONGEST_GROUP = 80;

const levelNames: Readonly<Record<number, string>> = {
  1: 'street',
  25: 'city',
  200: 'region',
  750: 'country',
  2500: 'continent',
};

/** An interval, or nothing where it has no ends. */
export const interval = (low: MaybeNumber, high: MaybeNumber, decimals: number): string =>
  isNumber(low) && isNumber(high) ? formatInterval(low, high, decimals) : NO_NUMBER;

const shareCell = ({ count, percent }: Pick<Share, 'count' | 'percent'>, n: number): Content =>
  html`${formatPercent(percent, 2)}<small>${formatNumber(count, 0)} of ${formatNumber(n, 0)}</small>`;

/** Accuracy at every threshold and level, both readings side by side where texts were read. */
export function accuracyTable(evaluation: Evaluation): Content {
  const { n, accuracy, comparison, byReading, reading, levels } = evaluation;
  const other = reading === 'tolerant' ? 'strict' : 'tolerant';
  const beside = byReading?.[other].accuracy;
  const rows = accuracy.map((share, i) => ({
    kind: 'main',
    cells: [
      html`${comparison === '<=' ? '≤' : '<'} ${formatKm(share.thresholdKm)}${levelNames[share.thresholdKm] && html`<small>${levelNames[share.thresholdKm]}</small>`}`,
      shareCell(share, n),
      interval(share.ciLow, share.ciHigh, 2),
      ...(beside ? [formatPercent(beside[i]?.percent, 2)] : []),
    ],
  }));
  const places = Object.entries(levels ?? {}).map(([level, share]) => ({
    kind: 'row',
    cells: [
      html`same ${level}<small>by reverse geocoding</small>`,
      shareCell(share, share.n),
      interval(share.ciLow, share.ciHigh, 2),
      ...(beside ? [NO_NUMBER] : []),
    ],
  }));
  return table({
    caption: 'Right answers',
    isTitled: true,
    head: ['Right when', 'Share', INTERVAL_HEAD, ...(beside ? [`${other} reading`] : [])],
    rows: [...rows, ...places],
  });
}

/** Median, mean and both GeoScores. */
export function errorTable(evaluation: Evaluation): Content {
  const { medianKm, medianInterval, meanKm, meanInterval, geoScore, bootstrap } = evaluation;
  const row = (name: Content, value: string, ends: string) => ({ cells: [name, value, ends] });
  // As many decimals as the value itself is given with.
  const km = (low: MaybeNumber, high: MaybeNumber) =>
    interval(low, high, isNumber(high) && high < 9.95 ? 1 : 0);
  return html`${table({
    caption: 'Errors and scores',
    isTitled: true,
    head: ['Measure', 'Value', INTERVAL_HEAD],
    rows: [
      row(
        html`Median error<small>no answer counts as infinitely far</small>`,
        formatKm(medianKm),
        km(medianInterval.ciLow, medianInterval.ciHigh),
      ),
      row(
        html`Mean error<small>of the answers that could be read</small>`,
        formatKm(meanKm),
        km(meanInterval.ciLow, meanInterval.ciHigh),
      ),
      ...geoScore.map(({ scaleKm, rounded, value, ciLow, ciHigh }) =>
        row(
          html`GeoScore<small>5000 exp(−d / ${scaleKm} km)${rounded && ', rounded per picture'}</small>`,
          formatNumber(value, 0),
          interval(ciLow, ciHigh, 0),
        ),
      ),
    ],
  })}<p class="quiet">Intervals of shares are Wilson's; the others are bootstrapped, ${formatNumber(bootstrap.resamples, 0)} resamples, seed ${bootstrap.seed}.</p>`;
}

/** How answers were read, and what had to be mended. */
export function readingTables({ readings, repairs, geocoded, n }: Evaluation): Content {
  const share = (count: number) => formatPercent((100 * count) / n, 1);
  const counted = (entries: Iterable<readonly [string, number]>) =>
    [...entries]
      .filter(([, count]) => count > 0)
      .sort((a, b) => b[1] - a[1])
      .map(([name, count]) => ({ cells: [name, formatNumber(count, 0), share(count)] }));
  const head = (what: string) => [what, 'Answers', 'Share'];
  const read = READINGS.map((reading) => [READING_WORDS[reading], readings[reading]] as const);
  const mended = counted(Object.entries(repairs ?? {}));
  return html`<div class="grid">${table({ caption: 'How answers were read', isTitled: true, head: head('Read how'), rows: counted(read) })}
${mended.length > 0 && table({ caption: 'What was mended', isTitled: true, head: head('Mended'), rows: mended })}
${geocoded && table({ caption: 'Names looked up', isTitled: true, head: head('Name found as'), rows: counted(Object.entries(geocoded)) })}</div>`;
}

/** The figures of each group, one table per column. */
export function breakdownTable({
  by,
  groups,
}: NonNullable<Evaluation['breakdowns']>[number]): Content {
  const thresholds = groups[0]?.accuracy.map(({ thresholdKm }) => thresholdKm) ?? [];
  return table({
    caption: `By ${columnTitle(by)}, percent within a distance`,
    head: [columnTitle(by), 'n', ...thresholds.map((km) => formatKm(km)), 'Median'],
    rows: groups.map(({ group, n, accuracy, medianKm }) => ({
      cells: [
        cutText(group, LONGEST_GROUP),
        formatNumber(n, 0),
        ...accuracy.map(({ percent }) => formatNumber(percent, 1)),
        formatKm(medianKm),
      ],
    })),
  });
}

/** What was stated and what came of it, bin by bin. */
export function reliabilityTable({ bins }: NonNullable<Evaluation['reliability']>): Content {
  return table({
    caption: 'Confidence and accuracy',
    isTitled: true,
    head: ['Stated, mean', 'Right', INTERVAL_HEAD],
    rows: bins.map((bin) => ({
      cells: [
        formatPercent(100 * bin.meanConfidence),
        shareCell(bin, bin.n),
        interval(bin.ciLow, bin.ciHigh, 2),
      ],
    })),
  });
}
