import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../launch/attempts.ts';
import { exampleManifest, temporaryFolder } from '../run.test-support.ts';
import { chartedFigures, headlineFigures } from './headline-figures.ts';
import { JoinedSteps } from './joined-steps.ts';
import { LineFollower } from './line-follower.ts';
import { parseMetricsLine } from './metrics-line.ts';
import { RunFigures } from './run-figures.ts';

const { folder, write } = temporaryFolder();

describe('a line of figures', () => {
  it("has verl's names turned into ours, and keeps those that have none", () => {
    const data = {
      'critic/score/mean': 0.41,
      'actor/pg_loss': -0.02,
      'actor/lr': 1e-6,
      'actor/kl_loss': 0.003,
      'actor/pg_clipfrac': 0.01,
      'response_length/mean': 210,
      'response_length/clip_ratio': 0.05,
      'timing_s/step': 31.5,
      'val-core/geor/reward/mean@1': 0.5,
    };
    expect(parseMetricsLine('verl', JSON.stringify({ step: 3, data }))).toEqual({
      step: 3,
      values: {
        reward: 0.41,
        loss: -0.02,
        learning_rate: 1e-6,
        kl: 0.003,
        'clip_ratio/region_mean': 0.01,
        'completions/mean_length': 210,
        'completions/clipped_ratio': 0.05,
        step_time: 31.5,
        'val-core/geor/reward/mean@1': 0.5,
      },
    });
  });

  it('prefers the whole loss of verl to its part', () => {
    const data = { 'actor/pg_loss': 1, 'actor/loss': 2 };
    expect(parseMetricsLine('verl', JSON.stringify({ step: 1, data }))?.values).toEqual({
      loss: 2,
    });
  });

  it('has its step and the steps to come where ms-swift writes them, numbers as text or not', () => {
    const text =
      '{"loss": "0.12", "reward": 0.7, "kl": 0.001, "global_step/max_steps": "300/2622", "remaining_time": "15h 30m", "train_speed(s/it)": 24.3}';
    expect(parseMetricsLine('swift', text)).toEqual({
      step: 300,
      totalSteps: 2622,
      values: { loss: 0.12, reward: 0.7, kl: 0.001, step_time: 24.3 },
    });
  });

  it("is TRL's as it stands, without the clock", () => {
    const text =
      '{"step": 2, "max_steps": 8, "wall": 1764000000.5, "loss": 0.5, "reward": 0.1, "epoch": 0.25}';
    expect(parseMetricsLine('trl', text)).toEqual({
      ...{ step: 2, totalSteps: 8 },
      values: { loss: 0.5, reward: 0.1, epoch: 0.25 },
    });
  });

  it.each(['', '{"step": 2', 'Traceback', '{"step": -1}', '{"loss": 1}', 'null', '[]'])(
    'is none when it reads %j',
    (text) => {
      for (const format of ['trl', 'verl', 'swift'] as const)
        expect(parseMetricsLine(format, text)).toBeUndefined();
    },
  );
});

describe('a followed file', () => {
  it('gives whole lines once, also when they come in pieces', () => {
    const path = write('grows.jsonl', '');
    const follower = new LineFollower(path);
    appendFileSync(path, 'one\ntw');
    expect(follower.read()).toEqual(['one']);
    expect(follower.read()).toEqual([]);
    appendFileSync(path, 'o é');
    expect(follower.read()).toEqual([]);
    appendFileSync(path, '\nthree\n');
    expect(follower.read()).toEqual(['two é', 'three']);
  });

  it('is read again from its start after it was begun anew, and may be missing', () => {
    const path = write('anew.jsonl', 'a long first line\n');
    const follower = new LineFollower(path);
    follower.read();
    write('anew.jsonl', 'new\n');
    expect(follower.read()).toEqual(['new']);
    expect(new LineFollower(`${path}-none`).read()).toEqual([]);
  });
});

describe('steps of several attempts', () => {
  const line = (step: number, loss: number) => ({ step, values: { loss } });

  it('are joined where the next attempt goes on, and nothing is there twice', () => {
    const joined = new JoinedSteps();
    joined.begin(1, 0);
    for (const step of [1, 2, 3, 4, 5, 6, 7]) joined.add(line(step, step), 1);
    joined.begin(2, 4);
    expect(joined.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    joined.add(line(5, 50), 2);
    joined.add(line(5, 51), 2);
    joined.add(line(8, 99), 1); // a late word of the dead one
    expect(
      joined.steps.map(({ step, attempt, values }) => [step, attempt, values['loss']]),
    ).toEqual([...[1, 2, 3, 4].map((step) => [step, 1, step]), [5, 2, 51]]);
  });

  it('are put together from several lines of one step', () => {
    const joined = new JoinedSteps();
    joined.add(line(1, 1), 1);
    joined.add({ step: 1, values: { eval_loss: 2 } }, 1);
    expect(joined.steps[0]?.values).toEqual({ loss: 1, eval_loss: 2 });
  });

  it('follow a file that goes back without a word', () => {
    const joined = new JoinedSteps();
    for (const step of [10, 20, 30, 40]) joined.add(line(step, 1), 1);
    joined.add(line(30, 2), 1);
    expect(joined.steps.map(({ step, values }) => [step, values['loss']])).toEqual([
      ...[
        [10, 1],
        [20, 1],
      ],
      [30, 2],
    ]);
  });
});

describe('the figures of a run', () => {
  const started = (number: number, resumedFrom: number): Attempt => ({
    number,
    ended: undefined,
    started: {
      ...{ event: 'started', attempt: number, at: '2026-01-01T00:00:00.000Z', resumedFrom },
      ...{ job: { kind: 'process', pid: 1, startedAt: null }, rewardUrl: null },
    },
  });
  const rewards = (attempt: number, step: number, distance: number): string =>
    JSON.stringify({
      ...{ run: 'tiny', attempt, split: 'train', step, samples: 8, unscored: 1, groups: 2 },
      ...{ reward: distance, rewardStd: 0.1, parts: { distance, format: null }, parseFailures: 2 },
      ...{
        zeroVarianceGroups: 1,
        incompleteGroups: 0,
        requests: 1,
        repeats: 0,
        distanceKm: 900,
        at: '2026-01-01T00:00:00.000Z',
      },
    });

  it('carry the parts of the reward of the same attempt and step, the last word counting', () => {
    const manifest = exampleManifest(folder);
    write(
      'metrics/attempt-1.jsonl',
      '{"step":1,"loss":1}\n{"step":2,"loss":2}\n{"step":3,"loss":3}\n',
    );
    write('metrics/attempt-2.jsonl', '{"step":3,"loss":30}\n');
    write(
      'rewards.jsonl',
      [
        ...[rewards(1, 1, 0.05), rewards(1, 1, 0.1), rewards(1, 2, 0.2), rewards(1, 3, 0.3)],
        ...[rewards(2, 3, 0.35), '{"torn'],
      ].join('\n'),
    );
    const figures = new RunFigures(folder, manifest);
    expect(figures.read([started(1, 0), started(2, 2)])).toBe(true);
    expect(figures.read([started(1, 0), started(2, 2)])).toBe(false);
    expect(
      figures.steps.map(({ step, values }) => [step, values['loss'], values['parts/distance']]),
    ).toEqual([
      [1, 1, 0.1],
      [2, 2, 0.2],
      [3, 30, 0.35],
    ]);
    expect(figures.steps[0]?.values).toMatchObject({
      'service/unscored': 1 / 8,
      'service/parse_failures': 2 / 8,
      'service/zero_variance_groups': 1 / 2,
    });
    expect(figures.steps[0]?.values).not.toHaveProperty('parts/format');
  });

  it('of a file that all attempts append to come from the attempt that wrote them', () => {
    const swift = (step: number, loss: number): string =>
      `${JSON.stringify({ loss, 'global_step/max_steps': `${step}/9` })}\n`;
    const path = write('shared/logging.jsonl', swift(1, 1) + swift(2, 2));
    const figures = new RunFigures(
      folder,
      exampleManifest(folder, { metrics: { file: 'shared/logging.jsonl', format: 'swift' } }),
    );
    figures.read([started(1, 0)]);
    appendFileSync(path, swift(2, 20));
    figures.read([started(1, 0), started(2, 1)]);
    expect(
      figures.steps.map(({ step, attempt, values }) => [step, attempt, values['loss']]),
    ).toEqual([
      [1, 1, 1],
      [2, 2, 20],
    ]);
    expect(figures.totalSteps).toBe(9);
  });
});

describe('figures to show', () => {
  it('begin with the reward and its parts', () => {
    const values = { grad_norm: 1, loss: 2, 'parts/format': 1, reward: 0.5, 'parts/distance': 0.4 };
    expect(Object.entries(headlineFigures(values))).toEqual([
      ['reward', 0.5],
      ['format', 1],
      ['distance', 0.4],
      ['loss', 2],
      ['gradient norm', 1],
    ]);
  });

  it('are charted where a run has them, the parts of the reward behind it', () => {
    const names = ['loss', 'parts/b', 'parts/a', 'unknown', 'reward', 'service/unscored'];
    expect(chartedFigures(names)).toEqual([
      { name: 'reward', label: 'reward' },
      { name: 'parts/a', label: 'reward part: a' },
      { name: 'parts/b', label: 'reward part: b' },
      { name: 'loss', label: 'loss' },
      { name: 'service/unscored', label: 'unscored', isShare: true },
    ]);
    expect(chartedFigures(['loss', 'parts/a']).map(({ name }) => name)).toEqual([
      'parts/a',
      'loss',
    ]);
  });
});
