/**
 * Checks an operation of `src/tensor`: its values against plain JavaScript, its gradients against
 * finite differences.
 * @module
 */
import { expect } from 'vitest';
import { type Random, random } from '../../src/core/index.ts';
import {
  type Dimension,
  Graph,
  ops,
  Session,
  type Shaped,
  type Tensor,
} from '../../src/tensor/index.ts';

/** One input: its shape, how it is declared (names for sizes), and what it holds. */
export interface Given {
  readonly shape: readonly number[];
  readonly dimensions?: readonly Dimension[];
  /** A value from a uniform number in [-1, 1). Default: that number. */
  readonly value?: (u: number) => number;
  /** Makes it an int64 input. */
  readonly integers?: readonly number[];
}

/** Tensors by the names of the inputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What an operation is applied to, and how. */
export interface OperationCase {
  readonly inputs: Readonly<Record<string, Given>>;
  readonly build: (tensors: Tensors) => Tensor;
  /** The elements of the result in order. */
  readonly expected?: (
    values: Readonly<Record<string, Float32Array>>,
  ) => readonly number[] | Float32Array;
  /** Inputs that have a gradient. Default: all that are not integers. */
  readonly differentiable?: readonly string[];
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function draw(inputs: OperationCase['inputs'], source: Random): Record<string, Shaped> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, integers, value = (u: number) => u }]) => [
      name,
      {
        shape,
        data: integers
          ? BigInt64Array.from(integers, BigInt)
          : Float32Array.from({ length: size(shape) }, () => value(2 * source.uniform() - 1)),
      },
    ]),
  );
}

function declare(graph: Graph, inputs: OperationCase['inputs']): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dimensions = shape, integers }]) => [
      name,
      graph.input(name, dimensions, integers ? 'int64' : 'float32'),
    ]),
  );
}

/** Largest difference that float32 rounding explains for numbers near one. */
const FORWARD_TOLERANCE = 2e-6;
const STEP = 2 ** -4;
const DIRECTIONS = 2;

/**
 * Fails unless the operation computes what `expected` says and its gradient in each input equals the
 * central difference along random directions, Richardson-extrapolated.
 */
export async function checkOperation(operation: OperationCase): Promise<void> {
  const { inputs, build, expected } = operation;
  const source = random('check-operation');
  const feeds = draw(inputs, source);

  const forward = new Graph();
  forward.output(build(declare(forward, inputs)), 'result');
  const session = await Session.create(forward, { threads: 1 });
  const { result: y } = await session.run(feeds);
  if (expected) {
    const values = Object.fromEntries(
      Object.entries(feeds).map(([name, { data }]) => [name, Float32Array.from(data, Number)]),
    );
    const wanted = expected(values);
    expect(y!.data.length).toBe(wanted.length);
    wanted.forEach((want, i) => {
      const scale = Math.max(1, Math.abs(want));
      expect(Math.abs(Number(y!.data[i]) - want) / scale, `element ${i}`).toBeLessThan(
        FORWARD_TOLERANCE,
      );
    });
  }

  const names =
    operation.differentiable ?? Object.keys(inputs).filter((name) => !inputs[name]!.integers);
  if (names.length === 0) return session.release();
  const graph = new Graph();
  const tensors = declare(graph, inputs);
  const result = build(tensors);
  const coefficients = graph.input('coefficients', result.shape);
  const loss = ops.sum(ops.mul(result, coefficients));
  graph
    .gradients(
      loss,
      names.map((name) => tensors[name]!),
    )
    .forEach((gradient, i) => {
      expect(gradient.shape).toEqual(tensors[names[i]!]!.shape);
      graph.output(gradient, `gradient:${names[i]}`);
    });
  const backward = await Session.create(graph, { threads: 1 });
  const weights = Float32Array.from({ length: y!.data.length }, () => 2 * source.uniform() - 1);
  const gradients = await backward.run({
    ...feeds,
    coefficients: { data: weights, shape: y!.shape },
  });
  const lossAt = async (moved: Record<string, Shaped>): Promise<number> => {
    const { data } = (await session.run(moved))['result']!;
    return weights.reduce((total, weight, i) => total + weight * Number(data[i]), 0);
  };
  for (const name of names) {
    const { data, shape } = feeds[name] as Shaped<Float32Array>;
    const gradient = gradients[`gradient:${name}`]!;
    expect(gradient.shape).toEqual(shape);
    for (let k = 0; k < DIRECTIONS; k++) {
      const direction = Float32Array.from(data, () => 2 * source.uniform() - 1);
      const difference = async (step: number): Promise<number> => {
        const shifted = (sign: number): Record<string, Shaped> => ({
          ...feeds,
          [name]: { shape, data: data.map((x, i) => x + sign * step * direction[i]!) },
        });
        return ((await lossAt(shifted(1))) - (await lossAt(shifted(-1)))) / (2 * step);
      };
      const numeric = (4 * (await difference(STEP / 2)) - (await difference(STEP))) / 3;
      const analytic = direction.reduce((sum, d, i) => sum + d * Number(gradient.data[i]), 0);
      expect(
        Math.abs(analytic - numeric),
        `d/d${name}: ${analytic}, numerically ${numeric}`,
      ).toBeLessThan(Math.max(1e-3, 1e-2 * Math.abs(numeric)));
    }
  }
  await Promise.all([session.release(), backward.release()]);
}
