/**
 * Where the answers went wrong: a dot at each truth, a great-circle line to what was answered.
 *
 * A thousand long lines hide each other and the map, so every truth keeps its dot, and lines are
 * drawn for an even sample of each error class; the drawing says how many.
 * Projection: Natural Earth (Patterson; polynomial by Savric et al.), from d3-geo.
 * @module
 */
import { geoGraticule10, geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { element, type Labelled, rounded, svgRoot, textElement } from './element.ts';
import { ERROR_CLASSES, errorClassOf } from './error-classes.ts';
import { formatNumber } from './format.ts';
import { INK } from './palette.ts';

/** The shape of world-atlas's `countries-110m.json`. */
export type WorldTopology = Topology<{
  countries: GeometryCollection;
  land: GeometryCollection;
}>;

const LINES_PER_CLASS = 60;

/** A truth and what was answered for it. */
export interface MapError {
  readonly truth: { readonly lat: number; readonly lon: number };
  readonly answer: { readonly lat: number; readonly lon: number };
  readonly distanceKm: number;
}

/** What a world map of errors is made of. */
export interface WorldMap extends Labelled {
  readonly world: WorldTopology;
  readonly errors: readonly MapError[];
  /** Most lines drawn per error class; dots are always drawn. Left out: 60. */
  readonly linesPerClass?: number | undefined;
  readonly width?: number | undefined;
  /** Left out: true. */
  readonly legend?: boolean | undefined;
}

/** An error that can be drawn: finite and on the globe. */
export function isDrawable({ truth, answer, distanceKm }: MapError): boolean {
  return (
    [truth.lat, answer.lat].every((lat) => Math.abs(lat) <= 90) &&
    [truth.lon, answer.lon].every((lon) => Math.abs(lon) <= 360) &&
    distanceKm >= 0
  );
}

/** At most `count` items, evenly spaced over the list, first one included. */
export function evenSample<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return items.slice();
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

const describe = (classes: readonly (readonly MapError[])[], total: number): string => {
  if (total === 0) return 'No answers to draw.';
  const counts = ERROR_CLASSES.map(
    ({ label }, i) => `${formatNumber(classes[i]!.length, 0)} ${label}`,
  );
  return `${formatNumber(total, 0)} answers by distance from the truth: ${counts.join(', ')}.`;
};

const legendOf = (classes: readonly (readonly MapError[])[], width: number, top: number): string =>
  element(
    'g',
    { 'aria-hidden': 'true' },
    ...ERROR_CLASSES.map(({ label, color }, i) => {
      const x = (i * width) / ERROR_CLASSES.length;
      return (
        element('circle', { cx: x + 6, cy: top, r: 5, fill: color }) +
        textElement(`${label} (${formatNumber(classes[i]!.length, 0)})`, [x + 17, top], {
          fill: INK.text,
          'dominant-baseline': 'central',
        })
      );
    }),
  );

/** Draws the map as one SVG element. */
export function worldMap(map: WorldMap): string {
  const { world, width = 960, linesPerClass = LINES_PER_CLASS } = map;
  const projection = geoNaturalEarth1().fitWidth(width - 2, { type: 'Sphere' });
  const path = geoPath(projection).digits(1);
  const mapHeight = Math.ceil(path.bounds({ type: 'Sphere' })[1][1]) + 1;
  const height = mapHeight + (map.legend === false ? 0 : 34);
  const drawable = map.errors.filter(isDrawable);
  const classes = ERROR_CLASSES.map((_, i) =>
    drawable.filter(({ distanceKm }) => errorClassOf(distanceKm) === i),
  );
  const base = [
    element('path', { d: path({ type: 'Sphere' }) ?? '', fill: INK.sea }),
    element('path', {
      d: path(geoGraticule10()) ?? '',
      fill: 'none',
      stroke: INK.grid,
      'stroke-width': 0.5,
    }),
    element('path', { d: path(feature(world, world.objects.land)) ?? '', fill: INK.land }),
    element('path', {
      d: path(mesh(world, world.objects.countries, (a, b) => a !== b)) ?? '',
      fill: 'none',
      stroke: INK.border,
      'stroke-width': 0.6,
    }),
  ];
  // Worst first: near answers are rarer and must not drown under long lines.
  const order = ERROR_CLASSES.map((_, i) => i).reverse();
  const lines = order.map((i) => {
    const sample = evenSample(classes[i]!, linesPerClass);
    const data = sample.map(({ truth, answer }) =>
      path({
        type: 'LineString',
        coordinates: [
          [truth.lon, truth.lat],
          [answer.lon, answer.lat],
        ],
      }),
    );
    return element('path', {
      d: data.join(''),
      fill: 'none',
      stroke: ERROR_CLASSES[i]!.color,
      'stroke-width': 1.1,
      'stroke-linecap': 'round',
      opacity: i === ERROR_CLASSES.length - 1 ? 0.28 : 0.75,
    });
  });
  const dots = order.map((i) => {
    const data = classes[i]!.map(({ truth }) => {
      const [x, y] = projection([truth.lon, truth.lat]) ?? [0, 0];
      return `M${rounded(x)},${rounded(y)}h0`;
    });
    // A zero-length stroke with round caps is a dot: one path per class instead of a thousand circles.
    return element('path', {
      d: data.join(''),
      fill: 'none',
      stroke: ERROR_CLASSES[i]!.color,
      'stroke-width': 4.5,
      'stroke-linecap': 'round',
      opacity: 0.9,
    });
  });
  return svgRoot(
    { width, height },
    { title: map.title, description: map.description ?? describe(classes, drawable.length) },
    element('g', { transform: 'translate(1 0)' }, ...base, ...lines, ...dots),
    map.legend === false ? '' : legendOf(classes, width, mapHeight + 18),
  );
}

/** How many answers each error class holds and how many lines of it {@link worldMap} draws. */
export function errorClassCounts(
  errors: readonly MapError[],
  linesPerClass = LINES_PER_CLASS,
): {
  readonly label: string;
  readonly color: string;
  readonly count: number;
  readonly lines: number;
}[] {
  const drawable = errors.filter(isDrawable);
  return ERROR_CLASSES.map(({ label, color }, i) => {
    const count = drawable.filter(({ distanceKm }) => errorClassOf(distanceKm) === i).length;
    return { label, color, count, lines: Math.min(count, linesPerClass) };
  });
}
