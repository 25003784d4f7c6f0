/**
 * An operation applied to small inputs.
 *
 * Shapes are odd on purpose: lengths of no vector register, broadcasting both ways, sizes known only
 * when the graph runs.
 * @module
 */
import { random } from '../../core/index.ts';
import type { Dimension, Tensor } from '../graph.ts';
import type * as ops from '../ops/index.ts';
import type { Shaped } from '../session.ts';

/** One input of a case. */
export interface CaseInput {
  readonly shape: readonly number[];
  /** How the graph declares it, where that is not its shape. */
  readonly dimensions?: readonly Dimension[];
  /** Where its numbers lie. Default: -1 to 1. */
  readonly range?: readonly [number, number];
  /** Makes it an int64 input of these numbers. */
  readonly integers?: readonly number[];
}

/** An operation and what it is applied to. */
export interface OperationCase {
  /** The operation as `ops` exports it. */
  readonly operation: keyof typeof ops;
  /** What is special about this case, unique together with the operation. */
  readonly variant: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  readonly build: (tensors: Readonly<Record<string, Tensor>>) => Tensor;
  /** Whether it has a gradient in each input of floats. */
  readonly isDifferentiable: boolean;
}

type Build = OperationCase['build'];
type Inputs = OperationCase['inputs'];
/** Titles, inputs and applications. */
export type Variants = readonly (readonly [variant: string, inputs: Inputs, build: Build])[];

/** Cases of one operation. */
export const cases = (
  operation: OperationCase['operation'],
  variants: Variants,
  isDifferentiable = true,
): OperationCase[] =>
  variants.map(([variant, inputs, build]) => ({
    ...{ operation, variant, inputs, build },
    isDifferentiable,
  }));

/** Away from zero. */
export const positive = [0.5, 2.5] as const;
/** Odd in both sizes. */
export const matrix: CaseInput = { shape: [3, 5] };
/** A matrix whose rows are counted when the graph runs. */
export const named: CaseInput = { shape: [3, 5], dimensions: ['n', 5] };
/** Three axes. */
export const block: CaseInput = { shape: [2, 3, 4] };

/** The name of a case, unique. */
export const nameOf = ({ operation, variant }: OperationCase): string => `${operation}: ${variant}`;

/** The inputs of a case: the same numbers every time. */
export function drawInputs(operationCase: OperationCase): Record<string, Shaped> {
  const name = nameOf(operationCase);
  return Object.fromEntries(
    Object.entries(operationCase.inputs).map(([key, { shape, integers, range = [-1, 1] }]) => {
      const source = random('operation case', name, key);
      const length = shape.reduce((product, extent) => product * extent, 1);
      const [low, high] = range;
      const data = integers
        ? BigInt64Array.from(integers, BigInt)
        : Float32Array.from({ length }, () => low + (high - low) * source.uniform());
      return [key, { shape, data }];
    }),
  );
}
