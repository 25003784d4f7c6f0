import { describe, expect, it } from 'vitest';
import { markupFault } from '../markup-check.test-support.ts';
import { worldAtlas } from '../world-atlas.ts';
import { cdfChart, percentWithin } from './cdf-chart.ts';
import { intervalChart } from './interval-chart.ts';
import { lineChart } from './line-chart.ts';
import { reliabilityChart } from './reliability-chart.ts';
import { errorClassCounts, evenSample, worldMap } from './world-map.ts';

const HOSTILE = `</title><script>alert("1")</script> & 'x'`;

const pathsOf = (svg: string): string[] =>
  [...svg.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d ?? '');

describe('lineChart', () => {
  it('draws points where the scales put them', () => {
    // Plot from x 52 to 446 for steps 0 to 2, from y 234 to 12 for 0 to 4.
    const svg = lineChart({
      title: 'loss',
      series: [
        {
          name: 'a',
          points: [
            { x: 0, y: 4 },
            { x: 1, y: 1 },
            { x: 2, y: 0 },
          ],
        },
      ],
    });
    expect(pathsOf(svg)).toEqual(['M52,12L249,178.5L446,234']);
    expect(svg).toContain('aria-label="loss. a: from 4.00 to 0, between 0 and 4.00, 3 points."');
  });

  it('lifts the pen where a value is missing', () => {
    const points = [0, 1, 2, 3, 4].map((x) => ({ x, y: x === 2 ? null : x }));
    const [path] = pathsOf(lineChart({ title: 't', series: [{ name: 'a', points }] }));
    expect(path?.match(/M/g)).toHaveLength(2);
    expect(path).toBe('M52,234L150.5,178.5M347.5,67.5L446,12');
  });

  it('shows the raw values faint behind the smooth ones, and short series as they are', () => {
    const points = (n: number) => Array.from({ length: n }, (_, x) => ({ x, y: x % 2 }));
    const draw = (n: number) =>
      lineChart({ title: 't', smoothing: 3, series: [{ name: 'a', points: points(n) }] });
    expect(pathsOf(draw(9))).toHaveLength(2);
    expect(draw(9)).toContain('opacity="0.3"');
    expect(pathsOf(draw(8))).toHaveLength(1);
  });

  it('has a legend for two series, told apart by dashes', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ];
    const svg = lineChart({
      title: 't',
      series: [
        { name: 'train', points },
        { name: 'held-out', points },
      ],
    });
    expect(svg).toContain('>train</text>');
    expect(svg).toContain('stroke-dasharray="7 3"');
  });
});

describe('cdfChart', () => {
  it('rises at each error by its share, absent answers keeping it below the top', () => {
    // One series: plot from x 52 to 736 for log 1 to 20015.1 km, y 356 to 48 for 0 to 100 %.
    const svg = cdfChart({
      title: 'cdf',
      series: [{ name: 'a', distancesKm: [10, 1000, null, 0.2] }],
    });
    const x = (km: number) =>
      Math.round((52 + (684 * Math.log10(km)) / Math.log10(20_015.1)) * 100) / 100;
    expect(pathsOf(svg)).toEqual([`M52,356H52V279H${x(10)}V202H${x(1000)}V125H736`]);
    expect(svg).toContain('50.0\u202f% within 25\u202fkm');
  });

  it('counts the threshold itself as within', () => {
    expect(percentWithin([25, 25.01, null, 3], 25)).toBe(50);
    expect(percentWithin([], 25)).toBeNull();
  });

  it('merges steps finer than a unit without losing the last level', () => {
    const distancesKm = Array.from({ length: 5000 }, (_, i) => 100 + i * 0.01);
    const [path = ''] = pathsOf(cdfChart({ title: 't', series: [{ name: 'a', distancesKm }] }));
    expect(path.length).toBeLessThan(1000);
    expect(path).toMatch(/V48H736$/);
  });
});

describe('the band of a cdfChart', () => {
  // Without a legend: plot from x 52 to 736 for log 1 to 20015.1 km, y 356 to 26 for 0 to 100 %.
  const y = (percent: number): number => Math.round((356 - 3.3 * percent) * 100) / 100;
  const band = (distancesKm: (number | null)[], interval: Interval) => {
    const chart = { title: 't', series: [{ name: 'a', distancesKm, interval }], legend: false };
    const [data = ''] = pathsOf(cdfChart(chart));
    const points = data.replace('Z', '').split(/[ML]/).slice(1);
    expect(points).toHaveLength(2 * 241);
    const numbers = points.map((point) => point.split(',').map(Number));
    return { upper: numbers.slice(0, 241), lower: numbers.slice(241).reverse() };
  };
  type Interval = (count: number, n: number) => { ciLow: number; ciHigh: number };

  it('holds the interval at every distance and counts absent answers', () => {
    const asked: string[] = [];
    const { upper, lower } = band([10, 1000, null, 0.2], (count, n) => {
      asked.push(`${count}/${n}`);
      return { ciLow: 20 * count, ciHigh: 20 * count + 10 };
    });
    // At 1 km one answer is within, at 20015.1 km three of four.
    expect(upper[0]).toEqual([52, y(30)]);
    expect(lower[0]).toEqual([52, y(20)]);
    expect(upper[240]).toEqual([736, y(70)]);
    expect(lower[240]).toEqual([736, y(60)]);
    // 10 km is log(10)/log(20015.1) of the way: between the points 55 and 56 of 240.
    expect([upper[55]?.[1], upper[56]?.[1]]).toEqual([y(30), y(50)]);
    expect(new Set(asked)).toEqual(new Set(['1/4', '2/4', '3/4']));
  });

  it('lies below the curve it belongs to', () => {
    const interval = () => ({ ciLow: 0, ciHigh: 50 });
    const series = [{ name: 'a', distancesKm: [10], interval }];
    const svg = cdfChart({ title: 't', series });
    expect(svg.indexOf('opacity="0.18"')).toBeGreaterThan(0);
    expect(svg.indexOf('opacity="0.18"')).toBeLessThan(svg.indexOf('stroke-linejoin'));
    expect(
      pathsOf(cdfChart({ title: 't', series: [{ name: 'a', distancesKm: [10] }] })),
    ).toHaveLength(1);
  });
});

describe('reliabilityChart', () => {
  const bin = (meanConfidence: number, percent: number, n: number) => ({
    ...{ n, meanConfidence, percent },
    ...{ ciLow: percent - 10, ciHigh: percent + 10 },
  });

  it('puts stated against right, with intervals and a diagonal', () => {
    // Plot from x 52 to 396 for 0 to 1, y 372 to 28 for 0 to 100 %: 3.44 units per percent.
    const svg = reliabilityChart({ title: 't', bins: [bin(0.25, 50, 4), bin(0.75, 40, 16)] });
    // Radius 3 + 5 sqrt(n / 16): 5.5 and 8.
    expect(svg).toContain('<circle cx="138" cy="200" r="5.5"');
    expect(svg).toContain('<circle cx="310" cy="234.4" r="8"');
    expect(pathsOf(svg)).toEqual(['M138,234.4V165.6', 'M310,268.8V200']);
    expect(svg).toMatch(/<line x1="52" y1="372" x2="396" y2="28"[^>]*stroke-dasharray="4 4"/);
    expect(svg).toContain('25.0\u202f% stated: 50.0\u202f% right of 4.');
  });

  it('says that there is nothing to draw', () => {
    const svg = reliabilityChart({ title: HOSTILE, bins: [] });
    expect(svg).toContain('>no data</text>');
    expect(markupFault(svg)).toBeUndefined();
  });
});

describe('intervalChart', () => {
  it('draws dot and whiskers to scale and marks the reference', () => {
    // Domain 0 to 10 with 4 % margin: -0.4 to 10.4; names are 1 x 6.6 + 14 wide: plot 20.6 to 396.
    const svg = intervalChart({
      title: 't',
      reference: 0,
      rows: [{ name: 'a', value: 5, low: 2, high: 10 }],
    });
    expect(svg).toContain('<circle cx="208.3" cy="23" r="4.5"');
    expect(pathsOf(svg)).toEqual(['M104.02,18V28M104.02,23H382.1M382.1,18V28']);
    expect(svg).toMatch(/<line x1="34\.5" y1="8" x2="34\.5" y2="38"[^>]*stroke-dasharray="3 3"/);
    expect(svg).toContain('aria-label="t. a: +5.00 (2.00–10.0)."');
  });

  it('says in words what was not measured', () => {
    const svg = intervalChart({
      title: 't',
      rows: [
        { name: 'a', value: null },
        { name: 'b', value: 1 },
      ],
    });
    expect(svg).toContain('>no data</text>');
  });
});

describe('worldMap', () => {
  const world = worldAtlas();

  it('puts truth and answer where the projection puts them', () => {
    const truth = { lat: 0, lon: 0 };
    const svg = worldMap({
      title: 'm',
      world,
      errors: [{ truth, answer: { lat: 0, lon: 10 }, distanceKm: 1112 }],
      width: 362,
    });
    // Natural Earth on the equator is linear in longitude: 360 wide, so 10 degrees are 10 units.
    expect(svg).toContain('M180,93.6h0');
    expect(svg).toContain('M180,93.6L190,93.6');
    expect(svg).toContain('1 750–2\u202f500\u202fkm');
  });

  it('counts classes with their bound included and draws a sample of the lines', () => {
    const errors = [25, 25.1, 200, 9000, 9000, 9000].map((distanceKm) => ({
      truth: { lat: 1, lon: 2 },
      answer: { lat: 3, lon: 4 },
      distanceKm,
    }));
    expect(errorClassCounts(errors, 2).map(({ count, lines }) => [count, lines])).toEqual([
      [1, 1],
      [2, 2],
      [0, 0],
      [0, 0],
      [3, 2],
    ]);
    expect(evenSample([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 2, 4]);
  });
});

describe('every chart', () => {
  const world = worldAtlas();
  const point = (x: number, y: number | null) => ({ x, y });
  const place = { lat: 5, lon: 5 };
  const drawings: Record<string, string> = {
    'line, no series': lineChart({ title: HOSTILE, series: [] }),
    'line, no points': lineChart({
      title: 't',
      series: [{ name: HOSTILE, points: [] }],
      legend: true,
    }),
    'line, one point': lineChart({ title: 't', series: [{ name: 'a', points: [point(3, 3)] }] }),
    'line, equal': lineChart({
      title: 't',
      smoothing: 3,
      series: [{ name: 'a', points: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((x) => point(x, 0)) }],
    }),
    'line, not numbers': lineChart({
      title: 't',
      series: [{ name: 'a', points: [point(0, Number.NaN), point(Number.NaN, 1), point(1, null)] }],
    }),
    'line, one not a number': lineChart({
      title: 't',
      series: [{ name: 'a', points: [point(0, 1), point(1, Number.NaN), point(2, 2)] }],
    }),
    'line, one without end': lineChart({
      title: 't',
      series: [
        { name: 'a', points: [point(0, 1), point(1, Number.POSITIVE_INFINITY), point(2, 2)] },
      ],
    }),
    'cdf, none': cdfChart({ title: HOSTILE, series: [] }),
    'cdf, empty': cdfChart({ title: 't', series: [{ name: HOSTILE, distancesKm: [] }] }),
    'cdf, absent': cdfChart({
      title: 't',
      series: [{ name: 'a', distancesKm: [null, Number.NaN] }],
    }),
    'cdf, zero': cdfChart({ title: 't', series: [{ name: 'a', distancesKm: [0] }] }),
    'interval, none': intervalChart({ title: HOSTILE, rows: [] }),
    'interval, null': intervalChart({ title: 't', rows: [{ name: HOSTILE, value: null }] }),
    'interval, one': intervalChart({
      title: 't',
      rows: [{ name: 'a', value: 0, low: 0, high: 0 }],
    }),
    'interval, half': intervalChart({
      title: 't',
      rows: [{ name: 'a', value: 1, low: Number.NaN, high: 2 }],
    }),
    'map, none': worldMap({ title: HOSTILE, world, errors: [] }),
    'map, same place': worldMap({
      title: 't',
      world,
      errors: [{ truth: place, answer: place, distanceKm: 0 }],
    }),
    'map, not numbers': worldMap({
      title: 't',
      world,
      errors: [
        { truth: { lat: Number.NaN, lon: 0 }, answer: place, distanceKm: 1 },
        { truth: place, answer: { lat: 0, lon: Number.POSITIVE_INFINITY }, distanceKm: 1 },
        { truth: place, answer: place, distanceKm: Number.NaN },
      ],
    }),
    'map, poles': worldMap({
      title: 't',
      world,
      errors: [{ truth: { lat: 90, lon: 0 }, answer: { lat: -90, lon: 180 }, distanceKm: 20_015 }],
    }),
  };

  it.each(Object.entries(drawings))('%s: is well-formed and holds no NaN', (_, svg) => {
    expect(markupFault(svg)).toBeUndefined();
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).not.toContain('<script');
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+"/);
    expect(svg).toContain('<title>');
  });
});
