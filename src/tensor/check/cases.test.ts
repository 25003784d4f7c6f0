import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkOperation, type Given } from '../../../test/support/check-operation.ts';
import { tinyModelConfig } from '../../../test/support/tiny-model.ts';
import { answerGraph } from '../../model/answer-graph.ts';
import type { Graph } from '../graph.ts';
import { encodeModel, plainNodes } from '../onnx/encode-model.ts';
import * as ops from '../ops/index.ts';
import { defaultRuntime, type Runtime } from '../runtime.ts';
import { operationCases } from './cases.ts';
import { checkRuntime } from './check-provider.ts';
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
  ...new Set(graphs.flatMap(({ nodes }) => plainNodes(nodes).map(({ operation }) => operation))),
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

  it('can be made of standard ONNX operations, none of them fused or unordered', () => {
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
      for (const { operation, attributes } of plainNodes(graph.nodes))
        if (operation === 'ScatterND') expect(attributes).not.toHaveProperty('reduction');
    }
  });

  it('ask for the operator set of ONNX alone where nothing is fused', () => {
    const rotary = operationCases.find(({ operation }) => operation === 'rotary')!;
    const asks = (fused: boolean): boolean =>
      Buffer.from(encodeModel(caseGraph(rotary), { fused })).includes('com.microsoft');
    expect([asks(true), asks(false)]).toEqual([true, false]);
  });

  it('give the same from fused operations as from the plain ones that stand for them', async () => {
    const fused = operationCases.filter((each) => caseGraph(each).nodes.some((node) => node.fused));
    expect(fused.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['rmsNorm', 'rotary', 'attention']),
    );
    const runtime = await defaultRuntime();
    // a provider that is not the CPU's is given plain operations
    const { InferenceSession } = runtime;
    const plain: Runtime = {
      ...runtime,
      providers: ['another'],
      InferenceSession: {
        create: (model, options) =>
          InferenceSession.create(model, { ...options, executionProviders: ['cpu'] }),
      },
    };
    const checks = await checkRuntime(plain, { cases: fused });
    for (const { operation, result, gradient, problem } of checks)
      expect(problem ?? Math.max(result, gradient), operation).toBeLessThan(TOLERANCE);
  });
});
