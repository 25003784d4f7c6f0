/**
 * The benchmarks as a person reads them.
 * @module
 */
import { BENCHMARK_NAMES, BENCHMARKS } from '../benchmarks/benchmarks.ts';
import { wrapWords } from './columns.ts';

/** Name, rows, origin and errata of every benchmark, without a line break at the end. */
export function formatBenchmarks(): string {
  return BENCHMARK_NAMES.map((name) => {
    const { title, n, sha256, where, errata } = BENCHMARKS[name];
    const rows = n === undefined ? 'any number of rows' : `${n.toLocaleString('en-US')} rows`;
    const lines = [
      `from: ${where}`,
      ...(sha256 === undefined ? [] : [`SHA-256 of the truth: ${sha256}`]),
      ...errata.map((text) => `note: ${text}`),
    ];
    return [
      `${name}: ${title}, ${rows}`,
      ...lines.flatMap((text) => wrapWords(`  ${text}`, 4)),
    ].join('\n');
  }).join('\n\n');
}
