/**
 * Counters and a histogram, in the text format of Prometheus (version 0.0.4).
 *
 * Everything is a sum, so that the counts of several processes add up to those of the service.
 * @module
 */

/** Upper bounds of the histogram of seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const FAMILIES = {
  geor_requests_total: ['counter', 'Requests answered, by route and status.'],
  geor_request_seconds: ['histogram', 'Seconds from the headers of a request to its answer.'],
  geor_reward_samples_total: ['counter', 'Completions scored, repeats included.'],
  geor_reward_unscored_total: ['counter', 'Completions that could not be scored.'],
  geor_reward_unscored_steps_total: ['counter', 'Steps most of whose completions had no reward.'],
  geor_reward_parse_failures_total: ['counter', 'Completions no answer could be read from.'],
  geor_reward_repeats_total: ['counter', 'Reward requests that had been answered before.'],
  geor_reward_groups_in_part_total: ['counter', 'Groups that a request held only a part of.'],
  geor_workers: ['gauge', 'Processes that answer.'],
  geor_worker_restarts_total: ['counter', 'Processes that died and were replaced.'],
  geor_resident_bytes: ['gauge', 'Memory of each process.'],
} as const;

type Family = keyof typeof FAMILIES;
type Labels = Readonly<Record<string, string | number>>;

/** Sums by series, e.g. `geor_requests_total{route="/health",status="200"}`. */
export type Counts = Readonly<Record<string, number>>;

/** Sums that grow. */
export class Metrics {
  #series = new Map<string, number>();
  /** The series of each route, for they are wanted with every request. */
  readonly #routes = new Map<string, RouteSeries>();

  /** Adds to a counter. */
  add(family: Family, amount: number, labels?: Labels): void {
    if (amount !== 0) this.#grow(labels ? seriesOf(family, labels) : family, amount);
  }

  /** Counts an answered request. */
  request(route: string, status: number, seconds: number): void {
    const names = this.#routes.get(route) ?? namesOf(route);
    this.#routes.set(route, names);
    const total = names.totals.get(status) ?? seriesOf('geor_requests_total', { route, status });
    names.totals.set(status, total);
    this.#grow(total, 1);
    // without a bound that is large enough the index is -1, and the last bucket is the one without
    this.#grow(names.buckets.at(SECONDS.findIndex((bound) => seconds <= bound))!, 1);
    this.#grow(names.sum, seconds);
  }

  /** Adds what another process counted. */
  absorb(counts: Counts): void {
    for (const [series, amount] of Object.entries(counts)) this.#grow(series, amount);
  }

  /** What was counted since the last call. */
  take(): Counts {
    const counts = Object.fromEntries(this.#series);
    this.#series = new Map();
    return counts;
  }

  /** The text of `/metrics`; `gauges` are series with their present values. */
  render(gauges: Counts = {}): string {
    const all = [...withTotals(this.#series), ...Object.entries(gauges)];
    const lines: string[] = [];
    for (const [family, [type, help]] of Object.entries(FAMILIES)) {
      const own = all.filter(([series]) => familyOf(series) === family);
      if (own.length === 0) continue;
      lines.push(`# HELP ${family} ${help}`, `# TYPE ${family} ${type}`);
      for (const [series, value] of own) lines.push(`${series} ${value}`);
    }
    return `${lines.join('\n')}\n`;
  }

  #grow(series: string, amount: number): void {
    this.#series.set(series, (this.#series.get(series) ?? 0) + amount);
  }
}

interface RouteSeries {
  readonly totals: Map<number, string>;
  /** By bound; the last is without one. */
  readonly buckets: readonly string[];
  readonly sum: string;
}

const namesOf = (route: string): RouteSeries => ({
  totals: new Map(),
  buckets: [...SECONDS, '+Inf'].map((le) => seriesOf('geor_request_seconds_bucket', { route, le })),
  sum: seriesOf('geor_request_seconds_sum', { route }),
});

/** A series by its name and labels. */
export const seriesOf = (name: string, labels: Labels): string => {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
};

const escaped = (value: string | number): string =>
  String(value).replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');

const familyOf = (series: string): string =>
  series.replace(/\{.*$/s, '').replace(/^(geor_request_seconds)_(?:bucket|sum|count)$/, '$1');

/** Buckets hold what lies between two bounds; in the text each holds all below it. */
function withTotals(series: ReadonlyMap<string, number>): [string, number][] {
  const routes = new Set<string>();
  const rest: [string, number][] = [];
  for (const [name, value] of series) {
    const [, route] = /^geor_request_seconds_bucket\{route="(.*)",le=/s.exec(name) ?? [];
    if (route === undefined) rest.push([name, value]);
    else routes.add(route);
  }
  for (const route of routes) {
    let sum = 0;
    for (const le of [...SECONDS, '+Inf']) {
      const bucket = `geor_request_seconds_bucket{route="${route}",le="${le}"}`;
      sum += series.get(bucket) ?? 0;
      rest.push([bucket, sum]);
    }
    rest.push([`geor_request_seconds_count{route="${route}"}`, sum]);
  }
  return rest;
}
