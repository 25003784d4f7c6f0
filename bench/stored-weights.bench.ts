/**
 * Frozen weights of a large model: time and memory of the ways to hold them.
 *
 *     npm run build && npx vitest bench bench/stored-weights.bench.ts --run
 *
 * Eight matrices of 2048 x 11008 (an eighth of a layer stack of Qwen2.5-VL-3B's feed-forwards) in a
 * file, multiplied with one row, as in decoding. Each way runs in a process of its own
 * (`bench/peers/stored_weights.mjs`), because memory once used stays with a process.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bench, describe } from 'vitest';

const WAYS = [
  ['float32', 'default', 'packed copies'],
  ['float32', 'lean', 'read from the mapped file'],
  ['float32', 'fed', 'arrays of JavaScript'],
  ['bfloat16', 'default', 'cast once, packed copies'],
  ['bfloat16', 'lean', 'cast once'],
  ['bfloat16', 'cast', 'cast in every run'],
  ['bfloat16', 'fed', 'arrays of JavaScript, cast there'],
] as const;

const program = fileURLToPath(new URL('peers/stored_weights.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'geor-stored-weights-'));
const run = (type: string, way: string): string => {
  const { stdout, stderr } = spawnSync(process.execPath, [program, folder, type, way], {
    encoding: 'utf8',
  });
  return stdout.trim() || stderr.trim();
};
run('float32', 'write');
run('bfloat16', 'write');
for (const [type, way, what] of WAYS) console.log(`${type}, ${what}: ${run(type, way)}`);
rmSync(folder, { recursive: true });

describe('stored weights', () => {
  bench('are measured above, a process each', () => {}, { time: 0, iterations: 1 });
});
