/** What may go wrong during a run, and what the run then does. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  grid,
  grpoSettings,
  scored,
  sftSettings,
  toyModel,
  toyTask,
} from '../../test/support/toy-task.ts';
import { GeorError } from '../core/index.ts';
import type { Model } from '../model/index.ts';
import type { Reward } from '../rewards/index.ts';
import { readSafetensors } from '../tensor/index.ts';
import { REPLACEMENT_TRIES } from './draw-images.ts';
import { trainGrpo } from './grpo.ts';
import type { GrpoSettings } from './grpo-settings.ts';
import { MetricsLog, type MetricsRow } from './metrics.ts';
import { trainSft } from './sft.ts';
import type { StageContext } from './stage.ts';
import type { Task } from './task.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const quiet = { seed: 5, threads: 1 };
const bytes = ({ parameters }: Model): Buffer =>
  Buffer.concat([...parameters.values()].map(({ data }) => Buffer.from(data.slice().buffer)));

/** Any text has a length. */
const lengthReward: Reward = ({ completions }) =>
  scored(
    'length',
    completions.map((text) => text.length / 10),
  );

interface Trained {
  readonly model: Model;
  readonly rows: readonly MetricsRow[];
  readonly faults: readonly MetricsRow[];
}

let count = 0;
async function grpo(
  reward: Reward,
  changes: Partial<GrpoSettings> = {},
  { task = toyTask(), ...context }: Partial<StageContext> & { task?: Task } = {},
): Promise<Trained> {
  const model = toyModel();
  const rows: MetricsRow[] = [];
  const faults = new MetricsLog(join(folder, `faults-${count++}.jsonl`));
  await trainGrpo(
    { model, grid, reward, reference: model.parameters },
    task,
    grpoSettings({ steps: 3, weightDecay: 0, ...changes }),
    { ...quiet, stage: 'grpo', faults, onStep: (row) => void rows.push(row), ...context },
  );
  return { model, rows, faults: faults.rows() };
}

/** The toy with some pictures that cannot be read. */
function brokenTask(isBroken: (sample: number) => boolean): Task {
  const task = toyTask();
  return {
    ...task,
    writeImage: async (sample, ...rest) => {
      if (isBroken(sample)) throw new GeorError('image', `picture ${sample} is torn`);
      await task.writeImage(sample, ...rest);
    },
  };
}

describe('pictures that cannot be read', () => {
  const sft = async (task: Task, steps: number, name: string, context = {}) => {
    const model = toyModel();
    const log = (kind: string) => new MetricsLog(join(folder, `${name}-${kind}.jsonl`));
    const [metrics, faults] = [log('metrics'), log('faults')];
    const checkpointPath = join(folder, `${name}.safetensors`);
    const settings = sftSettings({ steps: 6, evalEvery: 3 });
    const own = { ...quiet, stage: 'sft', metrics, faults, checkpointPath, ...context };
    const run = trainSft({ ...model, grid, heldOut: task }, task, settings, own);
    return { model, metrics, faults, result: await run, steps };
  };

  it('are recorded and counted, and others stand in: the same ones after a resume', async () => {
    const task = brokenTask((sample) => sample % 8 === 3);
    const unbroken = await sft(task, 6, 'unbroken');
    const stop = new AbortController();
    await sft(task, 6, 'cut', {
      signal: stop.signal,
      onStep: ({ step }: MetricsRow) => {
        if (step === 2) stop.abort();
      },
    });
    const resumed = await sft(task, 6, 'cut');
    expect(bytes(resumed.model).equals(bytes(unbroken.model))).toBe(true);
    for (const kind of ['metrics', 'faults'] as const)
      expect(resumed[kind].rows()).toEqual(unbroken[kind].rows());
    const rows = unbroken.metrics.rows();
    const total = rows.reduce((sum, row) => sum + Number(row['broken_images']), 0);
    const faults = unbroken.faults.rows();
    const training = faults.filter(({ fault }) => fault === 'image');
    expect(total).toBeGreaterThanOrEqual(6); // 8 of 32 samples a step, 4 of 32 broken
    expect(training).toHaveLength(total);
    for (const fault of faults) {
      expect(Number(fault['sample']) % 8).toBe(3);
      expect(fault['reason']).toBe(`picture ${fault['sample']} is torn`);
    }
    // held-out pictures have no stand-in: they are left out, and that is said
    expect(rows.map((row) => row['eval_broken_images'])).toEqual([
      ...[undefined, undefined, 4, undefined, undefined, 4],
    ]);
    expect(faults.filter(({ fault }) => fault === 'held-out image')).toHaveLength(8);
  });

  it('end the run when nothing can be read any more', async () => {
    const task = brokenTask(() => true);
    await expect(sft(task, 1, 'all')).rejects.toThrow(
      `${REPLACEMENT_TRIES + 1} pictures in a row could not be read`,
    );
    await expect(grpo(lengthReward, {}, { task })).rejects.toMatchObject({ code: 'data' });
  });

  it('stand-ins answer in GRPO too, with prompts and targets of their own', async () => {
    const seen: number[] = [];
    const reward: Reward = (batch) => {
      seen.push(...batch.targets.map(({ lat }) => lat));
      return lengthReward(batch);
    };
    const task = brokenTask((sample) => sample % 4 === 2);
    const { rows, faults } = await grpo(reward, {}, { task });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults).toHaveLength(rows.reduce((sum, row) => sum + Number(row['broken_images']), 0));
    expect(seen).not.toContain(-30); // the colour that cannot be read
  });

  it('a fault of the program is none of these', async () => {
    const task = {
      ...toyTask(),
      writeImage: () => {
        throw new TypeError('a bug');
      },
    };
    await expect(grpo(lengthReward, {}, { task })).rejects.toThrow('a bug');
  });
});

describe('a reward', () => {
  it('that throws now and then: the step is skipped, recorded and counted', async () => {
    let calls = 0;
    const reward: Reward = (batch) => {
      if (++calls % 2 === 1) throw new Error('the service is away');
      return lengthReward(batch);
    };
    const { rows, faults } = await grpo(reward);
    expect(rows.map((row) => row['skipped'] ?? 0)).toEqual([1, 0, 1]);
    // never a 0 that nobody gave
    for (const name of ['reward', 'reward_std', 'frac_reward_zero_std', 'loss', 'grad_norm'])
      expect(rows[0]).not.toHaveProperty(name);
    expect(rows[0]).toMatchObject({ unscored: 24 });
    expect(Number(rows[1]!['grad_norm'])).toBeGreaterThan(0);
    expect(faults.map(({ step }) => step)).toEqual([1, 1, 1, 1, 3, 3, 3, 3]); // by group
    expect(faults[0]).toMatchObject({
      ...{ fault: 'reward', reason: 'the reward failed: the service is away' },
    });
  });

  it('that throws too often in a row: the run stops, nothing was learned', async () => {
    let reached = 0;
    const stopped = grpo(
      () => {
        reached++;
        throw new Error('the service is gone');
      },
      { steps: 9, maxUnscoredSteps: 4 },
    );
    await expect(stopped).rejects.toMatchObject({
      code: 'backend',
      message: '4 steps in a row without a reward: the reward failed: the service is gone',
    });
    expect(reached).toBe(4);
  });

  it('that is missing for an answer: the others are compared without it', async () => {
    // in every group one answer is unscored; were it a 0, groups of equal rewards would differ
    const reward: Reward = ({ completions }) => ({
      total: completions.map((_, i) => (i % 6 === 2 ? null : 0.7)),
      parts: {},
      unscored: completions.map((_, i) => (i % 6 === 2 ? 'no judge' : null)),
    });
    const { model, rows, faults } = await grpo(reward);
    expect(rows.map((row) => [row['unscored'], row['grad_norm'], row['reward']])).toEqual(
      rows.map(() => [4, 0, expect.closeTo(0.7, 9)]),
    );
    expect(bytes(model).equals(bytes(toyModel()))).toBe(true);
    expect(new Set(faults.map(({ reason }) => reason))).toEqual(new Set(['no judge']));
  });

  it('that is no number is a missing one', async () => {
    const { rows, faults } = await grpo(({ completions }) =>
      scored(
        'odd',
        completions.map((text, i) => (i === 0 ? Number.NaN : text.length / 10)),
      ),
    );
    expect(rows.map((row) => row['unscored'])).toEqual([1, 1, 1]);
    expect(faults[0]).toMatchObject({ reason: 'the reward is NaN' });
  });

  it('that saturates: said in the metrics, the model stays, no number is lost', async () => {
    for (const estimator of ['std', 'mean', 'batch-std', 'leave-one-out'] as const) {
      const { model, rows } = await grpo(
        ({ completions }) =>
          scored(
            'full',
            completions.map(() => 1),
          ),
        { steps: 2, advantages: estimator },
      );
      for (const row of rows)
        expect(row).toMatchObject({
          ...{ reward: 1, reward_std: 0, frac_reward_zero_std: 1, loss: 0, grad_norm: 0 },
        });
      expect(bytes(model).equals(bytes(toyModel()))).toBe(true);
    }
  });
});

describe('dynamic sampling', () => {
  /** Samples of two colours of four have answers that all score alike. */
  const halfFlat: Reward = ({ completions, targets }) =>
    scored(
      'length',
      completions.map((text, i) => (targets[i]!.lat > 30 ? 0.5 : text.length / 10)),
    );
  const dynamicSampling = { maxRounds: 4 };

  it('replaces groups without variance by other samples, and says what that took', async () => {
    const plain = await grpo(halfFlat, { prompts: 8 });
    const dynamic = await grpo(halfFlat, { prompts: 8, dynamicSampling });
    for (const row of plain.rows) {
      expect(Number(row['frac_reward_zero_std'])).toBeGreaterThan(0.1);
      expect(row).not.toHaveProperty('sampled/groups');
    }
    for (const row of dynamic.rows) {
      expect(row['frac_reward_zero_std']).toBe(0);
      expect(row['sampled/groups']).toBeGreaterThan(8);
      expect(row['sampled/frac_reward_zero_std']).toBeGreaterThan(0.1);
      expect(Number(row['sampled/groups'])).toBeLessThanOrEqual(8 * 5);
    }
  });

  it('stops at its bound and keeps what there is', async () => {
    const flat: Reward = ({ completions }) =>
      scored(
        'flat',
        completions.map(() => 0.5),
      );
    const { rows } = await grpo(flat, { prompts: 4, dynamicSampling: { maxRounds: 2 }, steps: 2 });
    for (const row of rows)
      expect(row).toMatchObject({ 'sampled/groups': 12, frac_reward_zero_std: 1, grad_norm: 0 });
    const all = await grpo(flat, { prompts: 16, dynamicSampling: { maxRounds: 9 }, steps: 1 });
    expect(all.rows[0]).toMatchObject({ 'sampled/groups': 32 }); // no sample twice in a step
  });

  it('resumes to the same numbers', async () => {
    const files = (name: string) => ({
      checkpointPath: join(folder, `dynamic-${name}.safetensors`),
      metrics: new MetricsLog(join(folder, `dynamic-${name}.jsonl`)),
    });
    const changes = { dynamicSampling, prompts: 8 };
    const unbroken = await grpo(halfFlat, changes, files('unbroken'));
    const stop = new AbortController();
    await grpo(halfFlat, changes, {
      ...files('cut'),
      signal: stop.signal,
      onStep: ({ step }) => {
        if (step === 1) stop.abort();
      },
    });
    const resumed = await grpo(halfFlat, changes, files('cut'));
    expect(resumed.rows).toHaveLength(2);
    expect(files('cut').metrics.rows()).toEqual(files('unbroken').metrics.rows());
    expect(bytes(resumed.model).equals(bytes(unbroken.model))).toBe(true);
  });
});

describe('numbers that are none', () => {
  it.each(['sft', 'grpo'])(
    'stop %s; the step is saved beside the checkpoint, which stays as it was',
    async (stage) => {
      const checkpointPath = join(folder, `nan-${stage}.safetensors`);
      const model = toyModel();
      let before = Buffer.of();
      const context = {
        ...{ ...quiet, stage, checkpointPath, checkpointEvery: 2 },
        onStep: ({ step }: MetricsRow) => {
          if (step !== 2) return;
          before = readFileSync(checkpointPath);
          model.parameters.get('model.norm.weight')!.data[3] = Number.NaN;
        },
      };
      const run =
        stage === 'sft'
          ? trainSft({ ...model, grid }, toyTask(), sftSettings(), context)
          : trainGrpo(
              { model, grid, reward: lengthReward, reference: model.parameters },
              toyTask(),
              grpoSettings(),
              context,
            );
      const record = join(folder, `nan-${stage}.fault-step-3.json`);
      await expect(run).rejects.toMatchObject({
        code: 'engine',
        message: `${stage}: the loss of step 3 is not a number`,
        hint: expect.stringContaining(record),
      });
      expect(readFileSync(checkpointPath).equals(before)).toBe(true);
      const saved = JSON.parse(readFileSync(record, 'utf8'));
      expect(saved).toMatchObject({ stage, step: 3, seed: 5, what: 'loss' });
      expect(saved.losses).toContain('NaN');
      const images = readSafetensors(readFileSync(record.replace('.json', '.safetensors')));
      expect(images.size).toBe(saved.samples.length);
      expect(saved.tokens).toHaveLength(saved.samples.length);
      // the pixels are those of the step, in order
      const task = toyTask();
      for (const [i, sample] of saved.samples.entries()) {
        const own = new Float32Array(task.imageSize);
        await task.writeImage(sample, own, 0);
        const colour = (values: Float32Array): number => values[0]! - values.at(-1)!;
        expect(colour(images.get(`image.${i}`)!.data)).toBeCloseTo(colour(own), 1);
        const answers = saved.tokens[i].map(({ answer }: { answer: number[] }) => answer.length);
        expect(Math.min(...answers)).toBeGreaterThan(0);
      }
    },
  );
});

describe('a full disk', () => {
  it('ends the run with a clear error; the checkpoint before is whole, and is gone on from', async () => {
    const checkpointPath = join(folder, 'disk.safetensors');
    const metrics = new MetricsLog(join(folder, 'disk.jsonl'));
    let room = Number.POSITIVE_INFINITY;
    const fs = await import('node:fs');
    const fileCalls = {
      ...{ openSync: fs.openSync, fsyncSync: fs.fsyncSync },
      writeSync: (
        file: number,
        content: Uint8Array,
        offset: number,
        length: number,
        position: number,
      ) => {
        if (room <= 0)
          throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
        const written = writeSync(file, content, offset, Math.min(length, room), position);
        room -= written;
        return written;
      },
    };
    const settings = sftSettings({ steps: 6 });
    const context = { ...quiet, stage: 'sft', checkpointPath, checkpointEvery: 2 };
    const whole = toyModel();
    const wholePath = join(folder, 'whole.safetensors');
    const all = new MetricsLog(join(folder, 'whole.jsonl'));
    await trainSft({ ...whole, grid }, toyTask(), settings, {
      ...{ ...context, metrics: all, checkpointPath: wholePath },
    });

    let kept = Buffer.of();
    const stopped = trainSft({ ...toyModel(), grid }, toyTask(), settings, {
      ...{ ...context, metrics, fileCalls },
      onStep: ({ step }) => {
        if (step !== 2) return;
        kept = readFileSync(checkpointPath);
        room = 1000; // the next checkpoint does not fit
      },
    });
    await expect(stopped).rejects.toMatchObject({
      code: 'data',
      message: `cannot write ${checkpointPath}: no space is left on the disk`,
    });
    expect(readFileSync(checkpointPath).equals(kept)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);

    const resumed = toyModel(9);
    await trainSft({ ...resumed, grid }, toyTask(), settings, { ...context, metrics });
    expect(bytes(resumed).equals(bytes(whole))).toBe(true);
    expect(metrics.rows()).toEqual(all.rows());
    expect(existsSync(wholePath)).toBe(true);
  });
});
