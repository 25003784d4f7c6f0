/**
 * Which share of the answers lies within a distance: one rising curve per system.
 *
 * The distance axis is logarithmic from 1 km to half the Earth's circumference; smaller errors are
 * drawn at 1 km. An absent answer counts as never near enough, so a curve may end below 100 %.
 * @module
 */
import { type Area, emptyNote, xAxis, yAxis } from './axes.ts';
import { element, type Labelled, type Point, polyline, rounded, svgRoot } from './element.ts';
import { formatKm, formatNumber, formatPercent, THIN_SPACE } from './format.ts';
import { legend } from './legend.ts';
import { type Emphasis, seriesStyles } from './palette.ts';
import { linearScale, logScale, type Scale } from './scale.ts';

/** The field's five thresholds: street, city, region, country, continent (Hays and Efros, 2008). */
export const THRESHOLDS_KM: readonly number[] = [1, 25, 200, 750, 2500];

const FARTHEST_KM = 20_015.1;

/** The errors of one system; `null` is an absent or unreadable answer. */
export interface CdfSeries {
  readonly name: string;
  readonly distancesKm: readonly (number | null)[];
  readonly emphasis?: Emphasis | undefined;
  /** Ends of the interval, in percent, of `count` answers of `n`; with it a band is drawn. */
  readonly interval?: ((count: number, n: number) => { ciLow: number; ciHigh: number }) | undefined;
}

/** What a CDF chart is made of. */
export interface CdfChart extends Labelled {
  readonly series: readonly CdfSeries[];
  readonly thresholdsKm?: readonly number[] | undefined;
  /** Left out: true. */
  readonly legend?: boolean | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Percentage of answers within `km`, absent ones counting as outside; `null` without any. */
export function percentWithin(distancesKm: readonly (number | null)[], km: number): number | null {
  if (distancesKm.length === 0) return null;
  const near = distancesKm.filter((distance) => distance !== null && distance <= km).length;
  return (near / distancesKm.length) * 100;
}

// A step per answer, but none finer than the eye: about a thousand answers become some 200 steps.
const steps = (sorted: readonly number[], total: number, x: Scale, y: Scale): string => {
  let data = `M${rounded(x(1))},${rounded(y(0))}`;
  let drawn = x(1);
  for (let i = 0; i < sorted.length; i++) {
    const at = x(sorted[i]!);
    const following = sorted[i + 1];
    const isLast = following === undefined;
    if (!isLast && (x(following) === at || x(following) - drawn < 1)) continue;
    data += `H${rounded(at)}V${rounded(y(((i + 1) / total) * 100))}`;
    drawn = at;
  }
  return `${data}H${rounded(x(FARTHEST_KM))}`;
};

// The band is smooth where the curve has steps: an interval per pixel or so is enough.
const BAND_POINTS = 240;

const bandPath = (
  sorted: readonly number[],
  { distancesKm: { length: total }, interval }: CdfSeries,
  x: Scale,
  y: Scale,
): string | undefined => {
  if (!interval) return undefined;
  const upper: Point[] = [];
  const lower: Point[] = [];
  let count = 0;
  for (let i = 0; i <= BAND_POINTS; i++) {
    const km = FARTHEST_KM ** (i / BAND_POINTS);
    while (count < sorted.length && sorted[count]! <= km) count++;
    const { ciLow, ciHigh } = interval(count, total);
    upper.push([x(km), y(ciHigh)]);
    lower.push([x(km), y(ciLow)]);
  }
  return `${polyline([...upper, ...lower.reverse()])}Z`;
};

/** Draws the cumulative distribution of errors as one SVG element. */
export function cdfChart(chart: CdfChart): string {
  const { width = 760, height = 400, thresholdsKm = THRESHOLDS_KM } = chart;
  const styles = seriesStyles(chart.series);
  const named = chart.legend === false ? [] : chart.series;
  const key = legend(
    named.map(({ name }, i) => ({ name, style: styles[i]! })),
    width,
  );
  const area: Area = { left: 52, top: key.height + 26, right: width - 24, bottom: height - 44 };
  const x = logScale([1, FARTHEST_KM], [area.left, area.right]);
  const y = linearScale([0, 100], [area.bottom, area.top]);
  const said = chart.series.map(({ name, distancesKm }) => {
    const shares = thresholdsKm.map(
      (km) => `${formatPercent(percentWithin(distancesKm, km))} within ${formatKm(km)}`,
    );
    return distancesKm.length === 0 ? `${name}: no data.` : `${name}: ${shares.join(', ')}.`;
  });
  const curves = chart.series.map((series, i) => {
    const { distancesKm } = series;
    const near = distancesKm.filter((km): km is number => km !== null && Number.isFinite(km));
    if (near.length === 0) return '';
    const sorted = near.toSorted((a, b) => a - b);
    const band = bandPath(sorted, series, x, y);
    const shade = band ? element('path', { d: band, fill: styles[i]!.color, opacity: 0.18 }) : '';
    const curve = element('path', {
      d: steps(sorted, distancesKm.length, x, y),
      fill: 'none',
      stroke: styles[i]!.color,
      'stroke-width': styles[i]!.width,
      'stroke-dasharray': styles[i]!.dash,
      'stroke-linejoin': 'round',
    });
    return shade + curve;
  });
  return svgRoot(
    { width, height },
    { title: chart.title, description: chart.description ?? said.join(' ') },
    key.markup,
    yAxis(area, {
      scale: y,
      ticks: [0, 25, 50, 75, 100].map((value) => ({ value, label: `${value}${THIN_SPACE}%` })),
      label: 'answers within the distance',
    }),
    xAxis(
      area,
      {
        scale: x,
        ticks: thresholdsKm.map((value) => ({ value, label: formatNumber(value, 0) })),
        label: 'distance from the truth, km (logarithmic)',
      },
      { grid: true },
    ),
    ...(curves.some((curve) => curve !== '') ? curves : [emptyNote(area)]),
  );
}
