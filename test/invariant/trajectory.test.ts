/**
 * Training, number by number: every metric of 20 supervised steps and 20 steps of GRPO is pinned in
 * `metrics.jsonl`. A change of mathematics, order or randomness shows here; one that is meant is
 * recorded with `GEOR_UPDATE_INVARIANTS=1 npx vitest run test/invariant` and explained in its commit.
 *
 * Tolerance: whole numbers are the same, others within 1e-3 of their size, since other processors and
 * kernels add in another order. Eight models whose every weight was moved by up to 3e-7 of itself, more
 * than rounding does, stayed within 8e-5 and sampled the same tokens; GRPO draws few tokens here
 * because the first that falls otherwise ends the comparison.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  frozenCopy,
  MetricsLog,
  type MetricsRow,
  trainGrpo,
  trainSft,
} from '../../src/train/index.ts';
import {
  grid,
  grpoSettings,
  sftSettings,
  toyModel,
  toyReward,
  toyTask,
} from '../support/toy-task.ts';
import { STEPS, trainToy } from '../support/train-toy.ts';

const pinned = fileURLToPath(new URL('metrics.jsonl', import.meta.url));
const isUpdating = process.env['GEOR_UPDATE_INVARIANTS'] === '1';
const folder = mkdtempSync(join(tmpdir(), 'geor-trajectory-'));
afterAll(() => rmSync(folder, { recursive: true }));
const TOLERANCE = 1e-3;
/** Numbers that come out of a cancellation are compared as if they were this large. */
const SMALL = 0.05;

const quiet = { seed: 11, threads: 1 };

describe('trajectories', () => {
  it(`${STEPS} steps of supervised fine-tuning, then ${STEPS} of GRPO, give the pinned metrics`, async () => {
    await trainToy(folder);
    if (isUpdating) cpSync(join(folder, 'metrics.jsonl'), pinned);
    const wanted = new MetricsLog(pinned).rows();
    const got = new MetricsLog(join(folder, 'metrics.jsonl')).rows();
    expect(wanted.map(({ stage, step }) => [stage, step])).toEqual([
      ...Array.from({ length: STEPS }, (_, i) => ['sft', i + 1]),
      ...Array.from({ length: STEPS }, (_, i) => ['grpo', i + 1]),
    ]);
    const loss = wanted.map((row) => Number(row['loss']));
    expect(loss[STEPS - 1]).toBeLessThan(0.6 * loss[0]!);
    wanted.forEach((row, i) => {
      expect(Object.keys(got[i]!)).toEqual(Object.keys(row));
      for (const [metric, want] of Object.entries(row)) {
        const value = got[i]![metric]!;
        const hint = 'if this is meant: GEOR_UPDATE_INVARIANTS=1 npx vitest run test/invariant';
        const where = `${row.stage}, step ${row.step}, ${metric}: ${value}, not ${want}; ${hint}`;
        if (typeof want === 'string' || Number.isInteger(want)) expect(value, where).toBe(want);
        else {
          const scale = Math.max(Math.abs(want), metric === 'learning_rate' ? 0 : SMALL);
          expect(Math.abs(Number(value) - want) / scale, where).toBeLessThan(TOLERANCE);
        }
      }
    });
  });

  it('the same on this machine, byte for byte', async () => {
    const again = mkdtempSync(join(folder, 'again-'));
    await trainToy(again);
    for (const name of [
      'metrics.jsonl',
      'completions.jsonl',
      'sft.safetensors',
      'grpo.safetensors',
    ])
      expect(readFileSync(join(again, name)).equals(readFileSync(join(folder, name))), name).toBe(
        true,
      );
  });
});

describe('GRPO', () => {
  it('teaches a model that guesses to look: the reward rises from chance', async () => {
    const model = toyModel(4);
    // sample i has colour i mod 4; its answer goes through all four within a colour
    const guesses = toyTask((sample) => Math.floor(sample / 4) % 4);
    await trainSft({ ...model, grid }, guesses, sftSettings({ steps: 100, batchSize: 32 }), {
      ...quiet,
      stage: 'sft',
    });
    const rows: MetricsRow[] = [];
    await trainGrpo(
      { model, grid, reward: toyReward, reference: frozenCopy(model.parameters) },
      toyTask(),
      grpoSettings({
        steps: 24,
        prompts: 8,
        groupSize: 16,
        promptsPerPass: 4,
        learningRate: 2e-3,
        beta: 0.01,
        updates: 2,
      }),
      { ...quiet, stage: 'grpo', onStep: (row) => void rows.push(row) },
    );
    const rewards = rows.map((row) => Number(row['reward']));
    const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(rewards.slice(0, 4))).toBeLessThan(0.4); // chance is 0.25
    expect(mean(rewards.slice(-4))).toBeGreaterThan(0.6);
  });
});
