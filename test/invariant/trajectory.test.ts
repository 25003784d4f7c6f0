/**
 * Training, number by number: the loss and the gradient norm of short runs are pinned in
 * `trajectory.json`. A change of mathematics, order or randomness shows here; one that is meant is
 * recorded with `GEOR_UPDATE_INVARIANTS=1 npx vitest run test/invariant` and explained in its commit.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Reward } from '../../src/rewards/index.ts';
import { frozenCopy, type MetricsRow, trainGrpo, trainSft } from '../../src/train/index.ts';
import {
  grid,
  grpoSettings,
  scored,
  sftSettings,
  toyModel,
  toyReward,
  toyTask,
} from '../support/toy-task.ts';

const path = new URL('trajectory.json', import.meta.url);
const isUpdating = process.env['GEOR_UPDATE_INVARIANTS'] === '1';

type Trajectory = Record<string, number>[];
const pinned: Record<string, Trajectory> = (() => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isUpdating) return {};
    throw error;
  }
})();

function expectPinned(name: string, rows: readonly MetricsRow[], metrics: readonly string[]): void {
  const trajectory = rows.map((row) =>
    Object.fromEntries(metrics.map((metric) => [metric, Number(row[metric])])),
  );
  if (isUpdating) {
    pinned[name] = trajectory;
    writeFileSync(path, `${JSON.stringify(pinned, null, 2)}\n`);
    return;
  }
  const wanted = pinned[name]!;
  expect(trajectory).toHaveLength(wanted.length);
  const hint = 'if this is meant: GEOR_UPDATE_INVARIANTS=1 npx vitest run test/invariant';
  wanted.forEach((row, step) => {
    for (const [metric, want] of Object.entries(row)) {
      const got = trajectory[step]![metric]!;
      // other processors round differently: 1e-4 of the value, or of one where values cancel
      expect(
        Math.abs(got - want),
        `${name}, step ${step + 1}, ${metric}: ${got}, not ${want}; ${hint}`,
      ).toBeLessThan(1e-4 * Math.max(Math.abs(want), metric === 'loss' ? 0.1 : 0));
    }
  });
}

const quiet = { seed: 11, threads: 1 };
const collect = (rows: MetricsRow[]) => ({ onStep: (row: MetricsRow) => void rows.push(row) });

/** The share of digits in an answer: something to learn for a model that knows nothing. */
const digitReward: Reward = ({ completions }) =>
  scored(
    'digits',
    completions.map((text) => (text.match(/\d/g) ?? []).length / (text.length + 1)),
  );

describe('trajectories', () => {
  it('ten steps of supervised fine-tuning', async () => {
    const rows: MetricsRow[] = [];
    await trainSft({ ...toyModel(), grid }, toyTask(), sftSettings({ schedule: 'cosine' }), {
      ...quiet,
      stage: 'sft',
      ...collect(rows),
    });
    expect(rows[9]!['loss']).toBeLessThan(0.8 * Number(rows[0]!['loss']));
    expectPinned('sft', rows, ['loss', 'grad_norm', 'learning_rate', 'num_tokens']);
  });

  it('ten steps of GRPO', async () => {
    const model = toyModel();
    const rows: MetricsRow[] = [];
    await trainGrpo(
      { model, grid, reward: digitReward, reference: frozenCopy(model.parameters) },
      toyTask(),
      grpoSettings({ groupSize: 8, learningRate: 1e-3, beta: 0.04, updates: 2 }),
      { ...quiet, stage: 'grpo', ...collect(rows) },
    );
    expectPinned('grpo', rows, ['loss', 'reward', 'grad_norm', 'kl', 'completions/mean_length']);
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
      { ...quiet, stage: 'grpo', ...collect(rows) },
    );
    const rewards = rows.map((row) => Number(row['reward']));
    const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(rewards.slice(0, 4))).toBeLessThan(0.4); // chance is 0.25
    expect(mean(rewards.slice(-4))).toBeGreaterThan(0.6);
  });
});
