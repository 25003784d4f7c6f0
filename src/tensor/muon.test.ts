import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Muon } from './muon.ts';

type Numbers = Readonly<Record<string, readonly number[]>>;

const golden: {
  readonly momentum: number;
  readonly weightDecay: number;
  readonly shapes: Readonly<Record<string, readonly [number, number]>>;
  readonly start: Numbers;
  readonly steps: readonly {
    readonly learningRate: number;
    readonly gradients: Numbers;
    readonly torch: Numbers;
    readonly exact: Numbers;
  }[];
} = JSON.parse(readFileSync(new URL('../../test/golden/muon.json', import.meta.url), 'utf8'));

const { momentum, weightDecay, shapes, start, steps } = golden;
const options = { momentum, weightDecay, threads: 1 };

const parametersOf = (values: Numbers) =>
  new Map(
    Object.entries(values).map(([name, list]) => [
      name,
      { data: Float32Array.from(list), rows: shapes[name]![0] },
    ]),
  );

const arraysOf = (values: Numbers): Map<string, Float32Array> =>
  new Map(Object.entries(values).map(([name, list]) => [name, Float32Array.from(list)]));

/** The largest difference of any number. */
const distance = (found: ReadonlyMap<string, { data: Float32Array }>, wanted: Numbers): number =>
  Math.max(
    ...Object.entries(wanted).flatMap(([name, list]) =>
      list.map((want, i) => Math.abs(want - found.get(name)!.data[i]!)),
    ),
  );

describe('Muon', () => {
  it('makes the steps of singular value decompositions, and is as near to torch as bfloat16', async () => {
    const parameters = parametersOf(start);
    const muon = await Muon.create(parameters, options);
    for (const { learningRate, gradients, torch, exact } of steps) {
      await muon.step(arraysOf(gradients), learningRate);
      expect(distance(parameters, exact)).toBeLessThan(2e-6);
      expect(distance(parameters, torch)).toBeLessThan(5e-3);
    }
    await muon.release();
  });

  it('treats matrices that lie below one another as if each were alone', async () => {
    const [first, second] = [start['wide']!, start['same shape']!];
    const together = new Map([
      ['both', { data: Float32Array.from([...first, ...second]), rows: 6, stacked: 2 }],
    ]);
    const muon = await Muon.create(together, options);
    for (const { learningRate, gradients } of steps)
      await muon.step(
        arraysOf({ both: [...gradients['wide']!, ...gradients['same shape']!] }),
        learningRate,
      );
    const last = steps.at(-1)!.exact;
    expect(distance(together, { both: [...last['wide']!, ...last['same shape']!] })).toBeLessThan(
      2e-6,
    );
    await muon.release();
  });

  it('multiplies gradients by the clipping factor, and leaves a matrix without one where it is', async () => {
    const half: Numbers = { square: steps[0]!.gradients['square']!.map((x) => x / 2) };
    const run = async (gradients: Numbers, scale?: number) => {
      const parameters = parametersOf({ square: start['square']! });
      const muon = await Muon.create(parameters, { ...options, weightDecay: 0 });
      await muon.step(arraysOf(gradients), 0.05, scale);
      const momentum = [...muon.momenta.get('square')!];
      await muon.release();
      return { momentum, data: [...parameters.get('square')!.data] };
    };
    expect((await run(half, 2)).momentum).toEqual(
      (await run({ square: steps[0]!.gradients['square']! })).momentum,
    );
    const none = { square: new Array<number>(25).fill(0) };
    expect((await run(none)).data).toEqual([...Float32Array.from(start['square']!)]);
  });
});
