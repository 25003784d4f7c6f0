import { beforeAll, describe, expect, it } from 'vitest';
import { ANSWERS, grid, sftSettings, toyModel, toyTask } from '../../test/support/toy-task.ts';
import { haversineKm } from '../geo/index.ts';
import { answerTokens, pack, type Tokenizer } from '../model/index.ts';
import { Graph, Session, type Shaped } from '../tensor/index.ts';
import { CoordinateTargets, jointLoss } from './coordinate-loss.ts';
import { exampleOf } from './example.ts';
import type { MetricsRow } from './metrics.ts';
import { trainSft } from './sft.ts';

const { tokenizer, config } = toyModel();
const targets = new CoordinateTargets(tokenizer);
const HALF_TURN_KM = 20015.0867;
const digit = (text: string): number => targets.candidates.indexOf(tokenizer.encode(text)[0]!);

describe('CoordinateTargets', () => {
  it('takes every digit of the pair, and what each other digit would cost', () => {
    const answer = answerTokens(tokenizer, '(40, -5)');
    const found = targets.targetsOf(answer);
    expect(found.map(({ place }) => tokenizer.decode([answer[place]!]))).toEqual(['4', '0', '5']);
    const [tens, ones, lon] = found as [(typeof found)[0], (typeof found)[0], (typeof found)[0]];
    const km = (lat: number, own: number): number =>
      haversineKm({ lat: 40, lon: -5 }, { lat, lon: own }) / HALF_TURN_KM;
    expect(tens.costs[digit('4')]).toBe(0);
    expect(tens.costs[digit('7')]).toBeCloseTo(km(70, -5), 7);
    expect(tens.costs[digit('9')]).toBeCloseTo(km(90, -5), 7);
    expect(ones.costs[digit('3')]).toBeCloseTo(km(43, -5), 7);
    expect(lon.costs[digit('9')]).toBeCloseTo(km(40, -9), 7);
  });

  it('counts a place that is none as half the Earth away', () => {
    const [first] = targets.targetsOf(answerTokens(tokenizer, '(85, 3)'));
    expect(first!.costs[digit('9')]).toBe(1);
  });

  it('reads the last pair, and finds nothing where there is none', () => {
    const answer = answerTokens(tokenizer, '(1, 2) (3, 4)');
    const places = targets.targetsOf(answer).map(({ place }) => tokenizer.decode([answer[place]!]));
    expect(places).toEqual(['3', '4']);
    expect(targets.targetsOf(answerTokens(tokenizer, '40, 50'))).toEqual([]);
    expect(targets.targetsOf(answerTokens(tokenizer, '(95, 50)'))).toEqual([]);
  });
});

/** A vocabulary in which numbers of two digits may be one token. */
const pieces = ['(', ')', ', ', '-', ...'0123456789', '12', '40', '77', '.'];
const wide: Tokenizer = {
  ...tokenizer,
  vocabSize: pieces.length,
  encode: (text) => {
    const found: number[] = [];
    for (let at = 0; at < text.length; at += pieces[found.at(-1)!]!.length)
      found.push(pieces.findLastIndex((piece) => text.startsWith(piece, at)));
    return found;
  },
  decode: (ids) => Array.from(ids, (id) => pieces[id]).join(''),
};

describe('jointLoss', () => {
  const targets = new CoordinateTargets(wide);
  const turns = ['(40.7, -5.31)', '60', '(7, 12)'].map((text) => ({
    prompt: [1, 2],
    answer: wide.encode(text),
  }));
  const examples = turns.map((turn) => ({ ...exampleOf([turn], 0), images: [] }));
  const batch = pack(examples, { length: 32, config, grids: [] });
  const answers = batch.answerTargets.length;
  const { vocabSize } = wide;
  const weight = 0.7;
  const logits = Float32Array.from({ length: answers * vocabSize }, (_, i) => Math.sin(i * 12.9));
  let session: Session;
  beforeAll(async () => {
    const graph = new Graph();
    const input = graph.input('logits', ['answers', vocabSize]);
    // the next-token part is tested by itself: here it is nothing
    const logProbabilities = graph.input('logProbabilities', ['answers']);
    const built = jointLoss(targets)({
      ...{ graph, logProbabilities, logits: input, parameters: new Map(), trained: new Map() },
    });
    graph.output(graph.gradients(built.loss, [input])[0]!, 'gradient');
    graph.output(built.loss, 'loss');
    graph.output(built.outputs!['regression']!, 'regression');
    session = await Session.create(graph, { threads: 1 });
  });

  const run = async (values: Float32Array): Promise<Record<string, Shaped>> =>
    session.run({
      logits: { data: values, shape: [answers, vocabSize] },
      logProbabilities: { data: new Float32Array(answers).fill(-2), shape: [answers] },
      weights: { data: new Float32Array(answers).fill(1 / answers), shape: [answers] },
      ...targets.feeds(turns, batch, weight / targets.count(turns)),
    });

  /** The term as it is written at the head of the file, in plain loops. */
  function byHand(values: ArrayLike<number>): number {
    let sum = 0;
    const placed = [0, 0, 0];
    batch.answerCompletions.forEach((turn, row) => {
      const place = placed[turn]!++;
      const target = targets.targetsOf(turns[turn]!.answer).find((one) => one.place === place);
      if (!target) return;
      const powers = targets.candidates.map((id, c) =>
        target.costs[c] === null ? 0 : Math.exp(values[row * vocabSize + id]!),
      );
      const total = powers.reduce((a, b) => a + b, 0);
      powers.forEach((power, c) => {
        sum += (power / total) * (target.costs[c] ?? 0);
      });
    });
    return (weight / 2) * sum;
  }

  it('compares a token with those of as many digits', () => {
    const [first] = targets.targetsOf(turns[0]!.answer); // 40, one token
    const known = first!.costs.flatMap((cost, c) =>
      cost === null ? [] : [pieces[targets.candidates[c]!]],
    );
    expect(known).toEqual(['12', '40', '77']);
  });

  it('is next-token loss plus the mean expected error of the answers with a pair', async () => {
    const { loss, regression } = await run(logits);
    const wanted = byHand(logits);
    expect(wanted).toBeGreaterThan(0.05);
    expect(Number(regression!.data[0])).toBeCloseTo(wanted, 6);
    expect(Number(loss!.data[0])).toBeCloseTo(2 + wanted, 5);
  });

  it('has the gradient of finite differences, at digits of the pair and nowhere else', async () => {
    const { gradient } = await run(logits);
    const step = 1e-4;
    let some = 0;
    for (let i = 0; i < logits.length; i++) {
      const moved = (by: number): number => {
        const values = Float64Array.from(logits);
        values[i] = values[i]! + by;
        return byHand(values);
      };
      const wanted = (moved(step) - moved(-step)) / (2 * step);
      expect(Number(gradient!.data[i]), `logit ${i}`).toBeCloseTo(wanted, 6);
      if (Math.abs(wanted) > 1e-5) some++;
    }
    expect(some).toBeGreaterThan(8);
  });

  it('is plain next-token loss for a batch without a pair', async () => {
    const lone = turns.slice(1, 2);
    const packed = pack(examples.slice(1, 2), { length: 32, config, grids: [] });
    const count = packed.answerTargets.length;
    const { loss } = await session.run({
      logits: { data: logits.slice(0, count * vocabSize), shape: [count, vocabSize] },
      logProbabilities: { data: new Float32Array(count).fill(-2), shape: [count] },
      weights: { data: new Float32Array(count).fill(1 / count), shape: [count] },
      ...targets.feeds(lone, packed, weight),
    });
    expect(Number(loss!.data[0])).toBeCloseTo(2, 6);
  });
});

describe('the joint objective in training', () => {
  const train = async (samplesPerPass: number, coordinateWeight: number) => {
    const rows: MetricsRow[] = [];
    await trainSft(
      { ...toyModel(), grid },
      toyTask(),
      sftSettings({ steps: 8, samplesPerPass, coordinateWeight }),
      { stage: 'sft', seed: 3, threads: 1, onStep: (row) => void rows.push(row) },
    );
    return rows;
  };

  it('is the same in one pass or many, lowers its term, and is off by default', async () => {
    const [whole, parts, off] = await Promise.all([train(8, 5), train(3, 5), train(8, 0)]);
    expect(Number(whole[0]!['loss_coordinate'])).toBeGreaterThan(0.05);
    expect(whole[7]!['loss_coordinate']).toBeLessThan(Number(whole[0]!['loss_coordinate']));
    whole.forEach((row, i) => {
      for (const name of ['loss', 'loss_coordinate', 'grad_norm'])
        expect(Math.abs(Number(parts[i]![name]) / Number(row[name]) - 1), name).toBeLessThan(1e-3);
    });
    expect(off[0]).not.toHaveProperty('loss_coordinate');
    expect(Number(whole[0]!['loss'])).toBeCloseTo(
      Number(off[0]!['loss']) + 5 * Number(whole[0]!['loss_coordinate']),
      4,
    );
    expect(ANSWERS[0]).toBe('(10, 20)');
  });

  it('needs a tokenizer', async () => {
    const { parameters } = toyModel();
    const settings = sftSettings({ coordinateWeight: 1 });
    await expect(
      trainSft({ config, parameters, grid }, toyTask(), settings, { stage: 'sft', seed: 1 }),
    ).rejects.toMatchObject({ code: 'config' });
  });
});
