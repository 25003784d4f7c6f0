/**
 * What `geor doctor` says of the engine: which execution providers work, and how fast the CPU is.
 * @module
 */
import { availableParallelism } from 'node:os';
import { measureProducts, type OperationCheck, type ProviderReport } from '../tensor/index.ts';
import { examineSafely } from '../tensor/node/index.ts';
import { type ColorDepth, toned } from './display/index.ts';
import { wrap } from './wrap.ts';

/** The speed of float32 matrix products of one size. */
export interface ProductSpeed {
  readonly threads: number;
  /** Rows and columns. */
  readonly size: number;
  /** 1e9 floating-point operations per second. */
  readonly gflops: number;
}

/** What was found of the engine. */
export interface EngineReport {
  readonly providers: readonly ProviderReport[];
  readonly products: readonly ProductSpeed[];
}

const SIZES = [256, 512, 1024] as const;

/** Every execution provider of the installed runtime that is worth a try, each in its own process. */
export async function examineProviders(): Promise<ProviderReport[]> {
  const { listSupportedBackends } = await import('onnxruntime-node');
  const reports: ProviderReport[] = [];
  for (const { name } of listSupportedBackends())
    if (name !== 'cpu' && name !== 'tensorrt') reports.push(await examineSafely(name));
  return reports;
}

/** Matrix products of three sizes, on one thread and on all. */
export async function measureSpeed(
  measure: typeof measureProducts = measureProducts,
): Promise<ProductSpeed[]> {
  const speeds: ProductSpeed[] = [];
  for (const threads of new Set([1, availableParallelism()]))
    for (const size of SIZES)
      speeds.push({ threads, size, gflops: await measure({ size, threads }) });
  return speeds;
}

const scientific = (value: number): string => (value === 0 ? '0' : value.toExponential(0));

/** The worst of all deviations; NaN where something could not be computed. */
const worst = (checks: readonly OperationCheck[]): number =>
  checks.reduce((most, { result, gradient }) => Math.max(most, result, gradient), 0);

/** What was found of a provider, in half a sentence. */
export function verdict({ isThere, problem, checks }: ProviderReport): string {
  if (!isThere) return `not here: ${problem}`;
  const wrong = [...new Set(checks.flatMap((c) => (c.isRight ? [] : [c.operation])))];
  if (wrong.length === 0)
    return `${checks.length} of ${checks.length} checks as on the CPU, at most ${scientific(worst(checks))} off`;
  return `refused: it does not compute ${wrong.join(', ')} as the CPU does`;
}

/** Lines for a person: providers, then a table of speeds. */
export function formatEngine(
  { providers, products }: EngineReport,
  columns = 80,
  depth: ColorDepth = 'none',
): string[] {
  const width = Math.max(3, ...providers.map(({ provider }) => provider.length));
  const lines = [
    '  Execution providers',
    `    ${'cpu'.padEnd(width)}  the reference of the others`,
  ];
  for (const report of providers) {
    const [first, ...others] = wrap(verdict(report), columns - width - 7);
    lines.push(`    ${report.provider.padEnd(width)}  ${first}`);
    lines.push(...others.map((text) => `${' '.repeat(width + 6)}${text}`));
  }
  const sizes = [...new Set(products.map(({ size }) => size))];
  const title = 'Matrix products, GFLOP/s';
  const cells = (values: readonly (string | number)[]): string =>
    values.map((value) => String(value).padStart(8)).join('');
  lines.push('', `  ${title}${toned(cells(sizes), 'quiet', depth)}`);
  for (const threads of new Set(products.map((product) => product.threads))) {
    const row = products.filter((product) => product.threads === threads);
    const name = `  ${threads} ${threads === 1 ? 'thread' : 'threads'}`.padEnd(title.length);
    lines.push(`  ${name}${cells(row.map(({ gflops }) => Math.round(gflops)))}`);
  }
  return lines;
}

/** One provider's checks, an operation a line: the worst of its cases. */
export function formatChecks(report: ProviderReport, depth: ColorDepth = 'none'): string {
  const { provider, checks } = report;
  const lines = [`${provider}: ${verdict(report)}`];
  if (checks.length === 0) return `${lines[0]}\n`;
  const operations = [...new Set(checks.map(({ operation }) => operation))];
  const width = Math.max('operation'.length, ...operations.map((name) => name.length));
  lines.push('', `  ${'operation'.padEnd(width)}    result  gradient`);
  for (const operation of operations) {
    const own = checks.filter((check) => check.operation === operation);
    const columns = [own.map(({ result }) => result), own.map(({ gradient }) => gradient)];
    const cells = columns.map((values) => scientific(Math.max(...values)).padStart(10)).join('');
    const problem = own.find((check) => check.problem)?.problem;
    const isRight = own.every((check) => check.isRight);
    const mark = isRight ? '' : toned(`  ${problem ?? 'wrong'}`, 'bad', depth);
    lines.push(`  ${operation.padEnd(width)}${cells}${mark}`);
  }
  lines.push('', 'Deviation from the CPU, relative to the largest number, at least 1.');
  return `${lines.join('\n')}\n`;
}
