import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  grid,
  grpoSettings,
  sftSettings,
  toyModel,
  toyReward,
  toyTask,
} from '../../test/support/toy-task.ts';
import { type Adapter, type LoraConfig, mergeAdapter, newAdapter } from '../model/index.ts';
import { frozenCopy, trainGrpo } from './grpo.ts';
import { HeldOutLoss } from './held-out-loss.ts';
import type { MetricsRow } from './metrics.ts';
import { trainSft } from './sft.ts';

const lora: LoraConfig = { rank: 4, alpha: 16, targetModules: 'all-linear' };
const model = toyModel();
const copyOf = (adapter: Adapter): Adapter => ({
  ...adapter,
  parameters: frozenCopy(adapter.parameters),
});
const quiet = { seed: 11, threads: 1 };

describe('an adapter in training', () => {
  // a base that gives the right form and the answer of another colour
  beforeAll(async () => {
    const wrong = toyTask((sample) => (sample + 1) % 4);
    await trainSft({ ...model, grid }, wrong, sftSettings({ steps: 60 }), {
      ...quiet,
      stage: 'base',
    });
  });

  it('learns by supervision what the base does not know, and the base stays as it is', async () => {
    const base = frozenCopy(model.parameters);
    const adapter = newAdapter(model.config, lora, 2);
    const rows: MetricsRow[] = [];
    await trainSft(
      { ...model, grid, adapter },
      toyTask(),
      sftSettings({ steps: 60, learningRate: 1e-2 }),
      {
        ...quiet,
        stage: 'sft',
        onStep: (row) => void rows.push(row),
      },
    );
    expect(Number(rows.at(-1)!['loss'])).toBeLessThan(0.1 * Number(rows[0]!['loss']));
    for (const [name, { data }] of base)
      expect(model.parameters.get(name)!.data, name).toEqual(data);
    const merged = { ...model, parameters: mergeAdapter(model.parameters, adapter) };
    const settings = grpoSettings({ steps: 1, learningRate: 1e-9, groupSize: 2, temperature: 0.1 });
    const scores: number[] = [];
    for (const subject of [{ ...model, adapter }, merged]) {
      await trainGrpo(
        { model: subject, grid, reward: toyReward, reference: model.parameters },
        toyTask(),
        settings,
        {
          ...quiet,
          stage: 'look',
          onStep: (row) => void scores.push(Number(row['reward'])),
        },
      );
    }
    expect(scores).toEqual([1, 1]); // sampled with the adapter, and from the merged model
  });

  it('is measured on held-out samples as the model it would be merged into', async () => {
    const adapter = newAdapter(model.config, lora, 5);
    const rows: MetricsRow[] = [];
    await trainSft(
      { ...model, grid, adapter, heldOut: toyTask() },
      toyTask(),
      sftSettings({ steps: 4, learningRate: 1e-2, evalEvery: 2 }),
      { ...quiet, stage: 'sft', onStep: (row) => void rows.push(row) },
    );
    const merged = mergeAdapter(model.parameters, adapter);
    const shape = { grid, length: 32, samplesPerPass: 8, threads: 1 };
    const held = await HeldOutLoss.create(model.config, merged, toyTask(), shape);
    const { eval_loss: wanted } = await held.measure();
    await held.release();
    expect(rows.map((row) => 'eval_loss' in row)).toEqual([false, true, false, true]);
    expect(rows[3]!['eval_loss']).toBeCloseTo(wanted!, 4);
    expect(Math.abs(Number(rows[1]!['eval_loss']) - wanted!)).toBeGreaterThan(1e-3);
  });

  it('learns by reinforcement, against the base as its reference', async () => {
    // a base that knows the answers, but not which belongs to which colour
    const guesser = toyModel(2);
    const guess = toyTask((sample) => (sample >> 2) % 4);
    await trainSft({ ...guesser, grid }, guess, sftSettings({ steps: 60 }), {
      ...quiet,
      stage: 'b',
    });
    const base = frozenCopy(guesser.parameters);
    const adapter = newAdapter(guesser.config, lora, 2);
    const rows: MetricsRow[] = [];
    const subject = {
      model: { ...guesser, adapter },
      grid,
      reward: toyReward,
      reference: guesser.parameters,
    };
    const settings = grpoSettings({
      ...{ steps: 80, learningRate: 3e-3, prompts: 8 },
      ...{ groupSize: 8, beta: 0.001 },
    });
    await trainGrpo(subject, toyTask(), settings, {
      ...quiet,
      stage: 'grpo',
      onStep: (row) => void rows.push(row),
    });
    expect(Number(rows[0]!['kl'])).toBeLessThan(1e-6); // B is zero: the policy is its reference
    expect(Number(rows.at(-1)!['kl'])).toBeGreaterThan(1e-3);
    const mean = (part: MetricsRow[]): number =>
      part.reduce((sum, row) => sum + Number(row['reward']), 0) / part.length;
    expect(mean(rows.slice(-16))).toBeGreaterThan(mean(rows.slice(0, 16)) + 0.05);
    for (const [name, { data }] of base)
      expect(guesser.parameters.get(name)!.data, name).toEqual(data);
  });

  it('goes on from its checkpoint to the same numbers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'geor-adapter-'));
    const start = newAdapter(model.config, lora, 3);
    const whole = copyOf(start);
    const settings = sftSettings({ steps: 6 });
    await trainSft({ ...model, grid, adapter: whole }, toyTask(), settings, {
      ...quiet,
      stage: 'a',
    });
    const cut = copyOf(start);
    const stop = new AbortController();
    const context = { ...quiet, stage: 'a', checkpointPath: join(folder, 'a.safetensors') };
    await trainSft({ ...model, grid, adapter: cut }, toyTask(), settings, {
      ...context,
      signal: stop.signal,
      onStep: ({ step }) => {
        if (step === 3) stop.abort();
      },
    });
    const resumed = copyOf(start);
    await trainSft({ ...model, grid, adapter: resumed }, toyTask(), settings, context);
    for (const [name, { data }] of whole.parameters) {
      expect(resumed.parameters.get(name)!.data, name).toEqual(data);
      if (name.includes('lora_B')) expect(cut.parameters.get(name)!.data, name).not.toEqual(data);
    }
    rmSync(folder, { recursive: true });
  });
});
