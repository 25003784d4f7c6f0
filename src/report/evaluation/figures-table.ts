/**
 * The figures of an evaluation as tables.
 * @module
 */
import type { Evaluation } from '../../evaluate/index.ts';
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

/** Accuracy at every threshold and level, both readings side by side where texts were read. */
export function accuracyTable(evaluation: Evaluation): Content {
  const { n, accuracy, comparison, byReading, reading, levels } = evaluation;
  const other = reading === 'tolerant' ? 'strict' : 'tolerant';
  const rows = accuracy.map(({ thresholdKm, count, percent, ciLow, ciHigh }, i) => ({
    kind: 'main',
    cells: [
      html`${comparison === '<=' ? '≤' : '<'} ${formatKm(thresholdKm)}${levelNames[thresholdKm] && html`<small>${levelNames[thresholdKm]}</small>`}`,
      `${formatNumber(count, 0)} of ${formatNumber(n, 0)}`,
      formatPercent(percent, 2),
      interval(ciLow, ciHigh, 2),
      ...(byReading ? [formatPercent(byReading[other].accuracy[i]?.percent, 2)] : []),
    ],
  }));
  const places = Object.entries(levels ?? {}).map(([level, share]) => ({
    kind: 'row',
    cells: [
      html`same ${level}<small>by reverse geocoding</small>`,
      `${formatNumber(share.count, 0)} of ${formatNumber(share.n, 0)}`,
      formatPercent(share.percent, 2),
      interval(share.ciLow, share.ciHigh, 2),
      ...(byReading ? [NO_NUMBER] : []),
    ],
  }));
  return table({
    caption: 'Share of right answers',
    head: [
      'Right when',
      'Answers',
      'Share',
      '95 % interval',
      ...(byReading ? [`${other} reading`] : []),
    ],
    rows: [...rows, ...places],
  });
}

/** Median, mean and both GeoScores. */
export function errorTable(evaluation: Evaluation): Content {
  const { medianKm, medianInterval, meanKm, meanInterval, geoScore, bootstrap } = evaluation;
  const row = (name: Content, value: string, low: MaybeNumber, high: MaybeNumber) => ({
    cells: [name, value, interval(low, high, 0)],
  });
  return html`${table({
    caption: 'Errors and scores',
    head: ['', 'Value', '95 % interval'],
    rows: [
      row(
        html`Median error<small>no answer counts as infinitely far</small>`,
        formatKm(medianKm),
        medianInterval.ciLow,
        medianInterval.ciHigh,
      ),
      row(
        html`Mean error<small>of the answers that could be read</small>`,
        formatKm(meanKm),
        meanInterval.ciLow,
        meanInterval.ciHigh,
      ),
      ...geoScore.map(({ scaleKm, rounded, value, ciLow, ciHigh }) =>
        row(
          html`GeoScore<small>5000 exp(-d / ${scaleKm} km)${rounded && ', rounded per picture'}</small>`,
          formatNumber(value, 0),
          ciLow,
          ciHigh,
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
  const head = ['', 'Answers', 'Share'];
  const mended = counted(Object.entries(repairs ?? {}));
  return html`<div class="grid">${table({ caption: 'How answers were read', head, rows: counted(Object.entries(readings)) })}
${mended.length > 0 && table({ caption: 'What was mended', head, rows: mended })}
${geocoded && table({ caption: 'Names looked up: the level that was found', head, rows: counted(Object.entries(geocoded)) })}</div>`;
}

/** The figures of each group, one table per column. */
export function breakdownTable({
  by,
  groups,
}: NonNullable<Evaluation['breakdowns']>[number]): Content {
  const thresholds = groups[0]?.accuracy.map(({ thresholdKm }) => thresholdKm) ?? [];
  return table({
    caption: `By ${by}, percent within a distance`,
    head: [by, 'n', ...thresholds.map((km) => formatKm(km)), 'Median'],
    rows: groups.map(({ group, n, accuracy, medianKm }) => ({
      cells: [
        group,
        formatNumber(n, 0),
        ...accuracy.map(({ percent }) => formatNumber(percent, 1)),
        formatKm(medianKm),
      ],
    })),
  });
}
