import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  grid,
  grpoSettings,
  scored,
  sftSettings,
  toyModel,
  toyReward,
  toyTask,
} from '../../test/support/toy-task.ts';
import type { Model } from '../model/index.ts';
import type { Reward } from '../rewards/index.ts';
import { frozenCopy, trainGrpo } from './grpo.ts';
import type { GrpoSettings } from './grpo-settings.ts';
import { MetricsLog, type MetricsRow } from './metrics.ts';
import { trainSft } from './sft.ts';
import { runStage, type StageContext, type StageResult } from './stage.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-stage-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const context = { seed: 5, threads: 1 };
const bytes = ({ parameters }: Model): Buffer =>
  Buffer.concat([...parameters.values()].map(({ data }) => Buffer.from(data.slice().buffer)));

type Train = (model: Model, context: StageContext) => Promise<StageResult>;
const stages: readonly [string, Train][] = [
  ['sft', (model, own) => trainSft({ ...model, grid }, toyTask(), sftSettings({ steps: 5 }), own)],
  ['grpo', (model, own) => reinforce(model, grpoSettings(reinforcement), own)],
  [
    'sft-muon',
    (model, own) =>
      trainSft({ ...model, grid }, toyTask(), { ...sftSettings({ steps: 5 }), muon }, own),
  ],
  ['grpo-muon', (model, own) => reinforce(model, { ...grpoSettings(reinforcement), muon }, own)],
];

const muon = { learningRate: 0.02, momentum: 0.9 };
const reinforcement = { steps: 5, updates: 2, beta: 0.1 };

const reinforce = (model: Model, settings: GrpoSettings, own: StageContext) =>
  trainGrpo(
    { model, grid, reward: lengthReward, reference: frozenCopy(toyModel(2).parameters) },
    toyTask(),
    settings,
    own,
  );

/** Any text has a length, so that an untrained model learns something. */
const lengthReward: Reward = ({ completions }) =>
  scored(
    'length',
    completions.map((text) => text.length / 10),
  );

describe.each(stages)('%s', (stage, train) => {
  const files = (name: string) => ({
    ...context,
    stage,
    metrics: new MetricsLog(join(folder, `${stage}-${name}.jsonl`)),
    checkpointPath: join(folder, `${stage}-${name}.safetensors`),
  });
  const log = (name: string): string =>
    readFileSync(join(folder, `${stage}-${name}.jsonl`), 'utf8');
  const unbroken = toyModel();
  beforeAll(async () => {
    expect(await train(unbroken, files('unbroken'))).toEqual({ steps: 5, finished: true });
  });

  it('changes the model, and writes a row a step', () => {
    expect(bytes(unbroken).equals(bytes(toyModel()))).toBe(false);
    const rows = log('unbroken')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as MetricsRow);
    expect(rows.map(({ stage, step }) => [stage, step])).toEqual(
      [1, 2, 3, 4, 5].map((n) => [stage, n]),
    );
    for (const row of rows) {
      expect(row['grad_norm']).toBeGreaterThan(0);
      expect(Object.values(row).every((value) => value !== null)).toBe(true);
    }
    expect(rows.map((row) => row['learning_rate'])).toEqual(
      stage.startsWith('sft') ? [2.5e-3, 5e-3, 5e-3, 5e-3, 5e-3] : [1.5e-3, 3e-3, 3e-3, 3e-3, 3e-3],
    );
  });

  it('stopped and resumed gives the same model and the same metrics, byte for byte', async () => {
    const controller = new AbortController();
    const stopped = toyModel();
    const result = await train(stopped, {
      ...files('stopped'),
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 2) controller.abort();
      },
    });
    expect(result).toEqual({ steps: 2, finished: false });
    expect(bytes(stopped).equals(bytes(unbroken))).toBe(false);
    const resumed = toyModel(7); // everything comes from the checkpoint
    expect(await train(resumed, files('stopped'))).toEqual({ steps: 5, finished: true });
    expect(log('stopped')).toBe(log('unbroken'));
    expect(bytes(resumed).equals(bytes(unbroken))).toBe(true);
  });

  it('crashed after its last checkpoint and resumed, too', async () => {
    const crash = train(toyModel(), {
      ...files('crashed'),
      checkpointEvery: 3,
      onStep: ({ step }) => {
        if (step === 4) throw new Error('power cut');
      },
    });
    await expect(crash).rejects.toThrow('power cut');
    expect(log('crashed').trimEnd().split('\n')).toHaveLength(4);
    const resumed = toyModel(7);
    await train(resumed, { ...files('crashed'), checkpointEvery: 3 });
    expect(log('crashed')).toBe(log('unbroken'));
    expect(bytes(resumed).equals(bytes(unbroken))).toBe(true);
  });

  it('stops with an engine error when a parameter is not a number', async () => {
    const model = toyModel();
    model.parameters.get('model.norm.weight')!.data[3] = Number.NaN;
    await expect(train(model, { ...context, stage })).rejects.toMatchObject({
      name: 'GeorError',
      code: 'engine',
    });
  });
});

describe('a learning rate that is not a number', () => {
  it.each([
    ['sft', 1],
    ['sft', 3],
    ['grpo', 1],
    ['grpo', 3],
  ])('stops %s of %i steps with an engine error', async (stage, steps) => {
    const changes = { steps, learningRate: Number.NaN };
    const model = toyModel();
    const own = { ...context, stage, checkpointPath: join(folder, `nan-${stage}-${steps}`) };
    const run =
      stage === 'sft'
        ? trainSft({ ...model, grid }, toyTask(), sftSettings(changes), own)
        : trainGrpo(
            { model, grid, reward: lengthReward, reference: model.parameters },
            toyTask(),
            grpoSettings(changes),
            own,
          );
    await expect(run).rejects.toMatchObject({ name: 'GeorError', code: 'engine' });
  });
});

describe('runStage', () => {
  const parameters = new Map([['a', { shape: [1], data: Float32Array.of(1) }]]);
  const settings = {
    ...sftSettings({ steps: 1, warmupSteps: 0, learningRate: 0.1, weightDecay: 0 }),
    maxGradNorm: 0.5,
  };
  const step = (gradient: number, loss: number) =>
    runStage(parameters, settings, { stage: 'x', seed: 1 }, async () => ({
      gradients: new Map([['a', Float32Array.of(gradient)]]),
      metrics: { loss },
    }));

  it.each([
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
  ])('stops at a gradient of %d or a loss of %d', async (gradient, loss) => {
    parameters.get('a')!.data[0] = 1;
    await expect(step(gradient, loss)).rejects.toMatchObject({ code: 'engine' });
    expect(parameters.get('a')!.data[0]).toBe(1);
  });

  it('reports the gradient norm before clipping', async () => {
    const rows: MetricsRow[] = [];
    await runStage(
      parameters,
      settings,
      { stage: 'x', seed: 1, onStep: (row) => void rows.push(row) },
      async () => ({ gradients: new Map([['a', Float32Array.of(-3)]]), metrics: { loss: 2 } }),
    );
    expect(rows).toEqual([{ stage: 'x', step: 1, loss: 2, grad_norm: 3, learning_rate: 0.1 }]);
  });
});

describe('trainGrpo', () => {
  it('learns nothing from groups whose rewards are equal', async () => {
    const model = toyModel();
    const before = bytes(model);
    const rows: MetricsRow[] = [];
    const equalReward: Reward = ({ completions }) =>
      scored(
        'equal',
        completions.map(() => 0.7),
      );
    const subject = {
      model,
      grid,
      reference: model.parameters,
      reward: equalReward,
    };
    await trainGrpo(subject, toyTask(), grpoSettings({ steps: 2, weightDecay: 0 }), {
      ...context,
      stage: 'grpo',
      onStep: (row) => void rows.push(row),
    });
    expect(rows.map((row) => row['grad_norm'])).toEqual([0, 0]);
    expect(rows.map((row) => row['frac_reward_zero_std'])).toEqual([1, 1]);
    expect(bytes(model).equals(before)).toBe(true);
  });

  it('gives the same gradient in one pass or many', async () => {
    const norms = await Promise.all(
      [1, 2, 4].map(async (promptsPerPass) => {
        const rows: MetricsRow[] = [];
        const model = toyModel();
        await trainGrpo(
          { model, grid, reward: lengthReward, reference: toyModel(2).parameters },
          toyTask(),
          grpoSettings({ steps: 1, promptsPerPass, beta: 0.2 }),
          { ...context, stage: 'grpo', onStep: (row) => void rows.push(row) },
        );
        return [rows[0]!['grad_norm'], rows[0]!['loss'], rows[0]!['kl']] as number[];
      }),
    );
    for (const values of norms.slice(1))
      values.forEach((value, i) => {
        expect(Math.abs(value / norms[0]![i]! - 1)).toBeLessThan(1e-3);
      });
    expect(norms[0]![2]).toBeGreaterThan(0);
  });

  it('refuses groups of one', async () => {
    const model = toyModel();
    await expect(
      trainGrpo(
        { model, grid, reward: toyReward, reference: model.parameters },
        toyTask(),
        grpoSettings({ groupSize: 1 }),
        { ...context, stage: 'grpo' },
      ),
    ).rejects.toMatchObject({ code: 'config' });
  });
});
