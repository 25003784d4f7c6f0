/**
 * Geo-R's reward on a million completions: how many a second of processor time, and how many times
 * the speed of the same reward in Python as TRL users write it. Garbage collection counts, on whatever
 * thread it runs.
 *
 *     GEOR_PYTHON=venv/bin/python npx vitest bench bench/reward.bench.ts --run
 *
 * The peer is `bench/peers/reward_peer.py` (standard library only). Both hold the same rows in memory,
 * take turns, and must come to the same sum.
 * @module
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { median } from './median.ts';
import { noComparison, startPython } from './python-peer.ts';
import { makeRows } from './reward-rows.ts';

// The compiled package, as users run it: the test runner's own loader slows every call across files.
const { geoRReward }: typeof import('../src/rewards/index.ts') = createRequire(import.meta.url)(
  '../dist/rewards/index.js',
);

const ROWS = 1_000_000;
const ROUNDS = 3;
/** Completions scored at once, as in a training step. */
const BATCH = 1024;

const { completions, targets } = makeRows(ROWS);
const reward = geoRReward();

/** One pass over all rows: seconds of processor time and the sum of the rewards. */
function pass(): { seconds: number; sum: number } {
  const start = process.cpuUsage();
  let sum = 0;
  for (let from = 0; from < ROWS; from += BATCH) {
    const { total } = reward({
      completions: completions.slice(from, from + BATCH),
      targets: targets.slice(from, from + BATCH),
    });
    for (const value of total) sum += value ?? 0;
  }
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, sum };
}

/** The peer's passes, or why there are none. */
async function openPeer() {
  const folder = mkdtempSync(join(tmpdir(), 'geor-bench-'));
  const path = join(folder, 'rows.jsonl');
  for (let from = 0; from < ROWS; from += 10_000) {
    const lines = completions.slice(from, from + 10_000).map((completion, i) => {
      const { lat, lon } = targets[from + i]!;
      return `${JSON.stringify({ completion, lat, lon })}\n`;
    });
    appendFileSync(path, lines.join(''));
  }
  const python = startPython('reward_peer.py', [path]);
  const close = (): void => {
    python.stop();
    rmSync(folder, { recursive: true });
  };
  try {
    const { python: version } = await python.answer<{ python: string }>();
    console.log(`Python ${version}, ${ROWS} completions`);
    return { pass: () => python.ask<{ seconds: number; sum: number }>('go'), close };
  } catch (error) {
    noComparison('Python', 'its standard library', error);
    close();
    return undefined;
  }
}

const peer = await openPeer();
pass();
const ours: number[] = [];
const theirs: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const { seconds, sum } = pass();
  ours.push(seconds);
  const other = await peer?.pass();
  if (!other) continue;
  theirs.push(other.seconds);
  if (Math.abs(other.sum - sum) > 1e-6 * sum)
    throw new Error(`the sums differ: ${sum} and ${other.sum}`);
}
peer?.close();
const show = (seconds: readonly number[]): string =>
  `${Math.round(ROWS / median(seconds))} completions a second (best ${Math.round(ROWS / Math.min(...seconds))})`;
console.log(`geor: ${show(ours)}`);
if (theirs.length > 0) {
  console.log(`Python: ${show(theirs)}`);
  console.log(
    `ratio: ${(median(theirs) / median(ours)).toFixed(2)} (best against best ${(Math.min(...theirs) / Math.min(...ours)).toFixed(2)})`,
  );
}

describe(`${BATCH} completions`, () => {
  const batch = { completions: completions.slice(0, BATCH), targets: targets.slice(0, BATCH) };
  bench('Geo-R reward', () => {
    reward(batch);
  });
});
