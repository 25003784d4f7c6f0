import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkOperation, type Given } from '../../../test/support/check-operation.ts';
import { tinyModelConfig } from '../../../test/support/tiny-model.ts';
import { answerGraph } from '../../model/answer-graph.ts';
import type { Graph } from '../graph.ts';
import { encodeModel } from '../onnx/encode-model.ts';
import * as ops from '../ops/index.ts';
import { operationCases } from './cases.ts';
import { caseGraph, evaluateCase } from './evaluate-case.ts';
import { nameOf } from './operation-case.ts';

interface Golden {
  readonly shape: number[];
  readonly result: number[];
  readonly gradients: Record<string, number[]>;
}
const golden: { cases: Record<string, Golden> } = JSON.parse(
  readFileSync(new URL('../../../test/golden/operations.json', import.meta.url), 'utf8'),
);

const onnxOperations = (graphs: readonly Graph[]): string[] => [
  ...new Set(graphs.flatMap(({ nodes }) => nodes.map(({ operation }) => operation))),
];

/** Largest difference that float32 rounding explains, relative to the largest number, at least 1. */
const TOLERANCE = 2e-6;

function expectClose(found: ArrayLike<number | bigint>, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  const scale = Math.max(1, ...wanted.map(Math.abs));
  wanted.forEach((want, i) => {
    const difference = Math.abs(Number(found[i]) - want) / scale;
    expect(difference, `element ${i}: ${found[i]}, wanted ${want}`).toBeLessThan(TOLERANCE);
  });
}

describe.each(operationCases.map((each) => [nameOf(each), each] as const))('%s', (name, each) => {
  it('is what PyTorch computes, and so are its gradients', async () => {
    const wanted = golden.cases[name]!;
    const { result, gradients } = await evaluateCase(each);
    expect(result.shape).toEqual(wanted.shape);
    expectClose(result.data, wanted.result);
    expect(Object.keys(gradients)).toEqual(Object.keys(wanted.gradients));
    for (const [input, { data, shape }] of Object.entries(gradients)) {
      expect(shape, input).toEqual(each.inputs[input]!.shape);
      expectClose(data, wanted.gradients[input]!);
    }
  });

  // a stopped gradient is by its purpose not the derivative
  if (!each.isDifferentiable || each.operation === 'stopGradient') return;
  it('has the gradients that finite differences find', async () => {
    const inputs = Object.entries(each.inputs).map(([input, given]): [string, Given] => {
      const { range: [low, high] = [-1, 1], ...rest } = given;
      return [input, { ...rest, value: (u) => low + ((high - low) * (u + 1)) / 2 }];
    });
    await checkOperation({ inputs: Object.fromEntries(inputs), build: each.build });
  });
});

describe('the cases', () => {
  it('are those of the golden file, each under its own name', () => {
    const names = operationCases.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(golden.cases).sort()).toEqual([...names].sort());
  });

  it('hold every operation', () => {
    const covered = new Set<string>(operationCases.map(({ operation }) => operation));
    expect(Object.keys(ops).filter((name) => !covered.has(name))).toEqual([]);
  });

  it('hold every ONNX operation that a model is made of, with gradients', () => {
    const { graph, logProbabilities, parameters } = answerGraph(tinyModelConfig, {
      images: 'ragged',
      length: 24,
    });
    graph.gradients(ops.sum(logProbabilities), [...parameters.values()]);
    const covered = onnxOperations(operationCases.map(caseGraph));
    expect(onnxOperations([graph]).filter((name) => !covered.includes(name))).toEqual([]);
  });

  it('are made of standard ONNX operations, none of them fused or unordered', () => {
    for (const each of operationCases) {
      const graph = caseGraph(each);
      for (const trap of [
        'FusedMatMul', // not in the WebGPU provider
        'LogSoftmax', // not in the WebGPU provider
        'SimplifiedLayerNormalization', // its second output is wrong in the WebGPU provider
        'RMSNormalization',
      ])
        expect(onnxOperations([graph]), nameOf(each)).not.toContain(trap);
      // sums of equal indices in any order: other last bits on every run
      for (const { operation, attributes } of graph.nodes)
        if (operation === 'ScatterND') expect(attributes).not.toHaveProperty('reduction');
    }
  });

  it('ask for the operator set of ONNX alone', () => {
    const bytes = Buffer.from(encodeModel(caseGraph(operationCases[0]!)));
    expect(bytes.includes('com.microsoft')).toBe(false);
  });
});
