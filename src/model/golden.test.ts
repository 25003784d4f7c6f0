import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Geor, modelOutputs } from '../../interop/ours/model-outputs.mjs';
import { formulaImage, formulaParameters, tinyJson } from '../../test/support/tiny-model.ts';
import { Session } from '../tensor/index.ts';
import { nextTokenLoss } from '../train/index.ts';
import { answerGraph } from './answer-graph.ts';
import { batchFeeds } from './batch-feeds.ts';
import { DEFAULT_PREPROCESSOR } from './checkpoint/index.ts';
import { parseModelConfig } from './config.ts';
import { Generator } from './generation/generator.ts';
import { pack } from './packing.ts';
import { parameterShapes } from './parameters.ts';
import { promptBatch } from './policy-request.ts';
import { promptPositions } from './positions.ts';
import { prepareImage } from './prepare-image.ts';

/** A tensor of transformers: in full when short or of integers, else its norm and every n-th number. */
type Held =
  | { readonly shape: number[]; readonly values: number[] }
  | {
      readonly shape: number[];
      readonly norm: number;
      readonly largest: number;
      readonly stride: number;
      readonly samples: number[];
    };

interface Golden {
  readonly pixels: { minPixels: number; maxPixels: number };
  readonly temperature: number;
  readonly cases: {
    readonly name: string;
    readonly config: object;
    readonly images: [number, number][];
    readonly examples: { images: number[]; prompt: number[]; answer: number[] }[];
    readonly outputs: Record<string, Held>;
  }[];
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../test/golden/model.json', import.meta.url), 'utf8'),
);
const geor: Geor = {
  ...{
    answerGraph,
    batchFeeds,
    DEFAULT_PREPROCESSOR,
    Generator,
    nextTokenLoss,
    pack,
    prepareImage,
  },
  ...{ promptBatch, promptPositions, Session },
};

/** Largest relative difference that rounding explains. */
const TOLERANCE = 1e-4;

it('the model of the other tests is the first golden one', () => {
  expect(golden.cases[0]!.config).toEqual(tinyJson);
});

describe.each(golden.cases)('transformers, $name', (each) => {
  const config = parseModelConfig(each.config);
  const integers = (name: string): number[] => {
    const held = each.outputs[name]!;
    return 'values' in held ? held.values : [];
  };
  let found: Awaited<ReturnType<typeof modelOutputs>>;
  beforeAll(async () => {
    found = await modelOutputs(
      geor,
      { config, parameters: formulaParameters(config) },
      {
        ...each,
        ...golden,
        greedyTokens: integers('greedy.0').length,
        sampled: (example) => integers(`sampled.${example}`),
      },
      (number, width, height) => formulaImage(number, width * height * 3),
    );
  });

  it('every parameter is there, and has a gradient', () => {
    const names = [...parameterShapes(config).keys()].map((name) => `gradient:${name}`).sort();
    expect(
      Object.keys(each.outputs)
        .filter((name) => name.startsWith('gradient:'))
        .sort(),
    ).toEqual(names);
  });

  const compared = Object.entries(each.outputs).filter(([name]) => !/^sampled\./.test(name));
  it.each(compared)('%s is the same', (name, held) => {
    const { data, shape } = found.get(name)!;
    expect(shape).toEqual(held.shape);
    if ('values' in held) return expect(Array.from(data)).toEqual(held.values);
    const { norm, largest, stride, samples } = held;
    const own = Math.hypot(...Array.from(data));
    // a key's bias moves all scores of a query alike: its gradient is rounding
    if (name.startsWith('gradient:') && norm < 1e-6) return expect(own).toBeLessThan(1e-5);
    expect(Math.abs(own / norm - 1), `norm ${own}, not ${norm}`).toBeLessThan(TOLERANCE);
    samples.forEach((want, i) => {
      const got = data[i * stride]!;
      expect(Math.abs(got - want) / largest, `[${i * stride}] ${got}, not ${want}`).toBeLessThan(
        TOLERANCE,
      );
    });
    return undefined;
  });
});
