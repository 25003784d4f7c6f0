/**
 * `geor evaluate` on a million rows with 1,000 resamples: seconds and peak memory, and how many times
 * the speed of the same figures in NumPy, which draws every row of every resample.
 *
 *     npm run build && GEOR_PYTHON=venv/bin/python npx vitest bench bench/evaluate.bench.ts --run
 *
 * Both read the same two CSV files. GEOR_ROWS and GEOR_RESAMPLES make it smaller. Without NumPy the
 * comparison is left out. The peer is `bench/peers/numpy_evaluate.py`.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, bench, describe } from 'vitest';
import { z } from 'zod';
import { random } from '../src/core/index.ts';
import { type Evaluation, evaluatePredictions } from '../src/evaluate/index.ts';

const ROWS = Number(process.env['GEOR_ROWS'] ?? 1_000_000);
const RESAMPLES = Number(process.env['GEOR_RESAMPLES'] ?? 1000);

const folder = mkdtempSync(join(tmpdir(), 'geor-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [truth, predictions] = ['truth.csv', 'predictions.csv'].map((name) => join(folder, name));

/** Truth over the globe; answers from metres to thousands of kilometres off, one in 50 missing. */
function writeFiles(): void {
  const source = random('bench', 'evaluate');
  const files = [truth!, predictions!].map((path) => openSync(path, 'w'));
  const lines = ['id,lat,lon\n', 'id,lat,lon\n'];
  for (let row = 0; row < ROWS; row++) {
    const lat = (180 / Math.PI) * Math.asin(2 * source.uniform() - 1);
    const lon = 360 * source.uniform() - 180;
    const off = 0.3 * 10 ** (3.5 * source.uniform() - 2);
    const saidLat = Math.max(-90, Math.min(90, lat + off * source.normal()));
    const saidLon = Math.max(-180, Math.min(180, lon + off * source.normal()));
    lines[0] += `image-${row},${lat.toFixed(6)},${lon.toFixed(6)}\n`;
    if (row % 50 > 0) lines[1] += `image-${row},${saidLat.toFixed(6)},${saidLon.toFixed(6)}\n`;
    if (row % 10_000 > 0 && row < ROWS - 1) continue;
    files.forEach((file, i) => {
      writeSync(file, lines[i]!);
      lines[i] = '';
    });
  }
  for (const file of files) closeSync(file);
}

const main = new URL('../dist/cli/main.js', import.meta.url).href;
/** Runs the command and writes its peak memory to stderr. */
const WRAPPER = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS)); await import(${JSON.stringify(main)});`;

function runOurs() {
  const output = join(folder, 'evaluation.json');
  const flags = ['--truth', truth!, '--predictions', predictions!, '--no-levels'];
  const more = ['--resamples', String(RESAMPLES), '--json', '-o', output];
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', WRAPPER, 'geor', 'evaluate', ...flags, ...more],
    { encoding: 'utf8' },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`geor evaluate failed: ${stderr}`);
  const evaluation = JSON.parse(readFileSync(output, 'utf8')) as Evaluation;
  return { seconds, peakMiB: Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024, evaluation };
}

const pair = z.tuple([z.number(), z.number()]);
const peerReply = z.object({
  counts: z.array(z.number()),
  intervals: z.array(pair),
  readSeconds: z.number(),
  resampleSeconds: z.number(),
  peakMiB: z.number(),
});

function runPeer() {
  const script = fileURLToPath(new URL('peers/numpy_evaluate.py', import.meta.url));
  const python = process.env['GEOR_PYTHON'] ?? 'python3';
  const args = [script, truth!, predictions!, String(RESAMPLES)];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' });
  if (status === 0) return peerReply.parse(JSON.parse(stdout));
  console.log(`no comparison, NumPy did not run: ${stderr.trim().split('\n').at(-1)}`);
  return undefined;
}

writeFiles();
const ours = runOurs();
const { medianInterval, meanInterval, geoScore, accuracy } = ours.evaluation;
const show = (values: readonly (number | null)[]): string =>
  values.map((value) => value?.toFixed(2)).join(' to ');
console.log(
  `geor: ${ROWS} rows, ${RESAMPLES} resamples: ${ours.seconds.toFixed(1)} s, peak ${ours.peakMiB.toFixed(0)} MiB`,
);
const peer = runPeer();
if (peer) {
  const seconds = peer.readSeconds + peer.resampleSeconds;
  console.log(
    `NumPy: ${seconds.toFixed(1)} s (reading ${peer.readSeconds.toFixed(1)}, resampling ${peer.resampleSeconds.toFixed(1)}), peak ${peer.peakMiB.toFixed(0)} MiB`,
  );
  console.log(`ratio: ${(seconds / ours.seconds).toFixed(1)}`);
  const same = accuracy.every(({ count }, i) => count === peer.counts[i]);
  console.log(`counts ${same ? 'equal' : 'DIFFER'}; 95 % intervals, ours and NumPy's:`);
  [medianInterval, meanInterval, ...geoScore].forEach(({ ciLow, ciHigh }, i) => {
    const name = ['median km', 'mean km', 'GeoScore 1492.7', 'GeoScore 1805'][i];
    console.log(`  ${name}: ${show([ciLow, ciHigh])}; ${show(peer.intervals[i]!)}`);
  });
}

const some = Array.from({ length: 3000 }, (_, i) => ({ id: String(i), lat: 0, lon: 0 }));
const source = random('bench', 'evaluate', 'some');
const answers = some.map(({ id }) => ({ id, lat: source.uniform(), lon: 90 * source.uniform() }));

describe('3,000 rows in memory, 1,000 resamples', () => {
  bench('evaluatePredictions', () => {
    evaluatePredictions(some, answers);
  });
});
