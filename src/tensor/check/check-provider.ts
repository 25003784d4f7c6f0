/**
 * Whether an execution provider computes what the CPU computes, operation by operation.
 *
 * Providers have bugs in single kernels, and a wrong one makes gradients silently wrong: ONNX Runtime
 * 1.30's WebGPU provider returns the row mean where SimplifiedLayerNormalization should return the
 * inverse deviation. So no provider but the CPU is used before every operation was compared.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { defaultRuntime, type Runtime } from '../runtime.ts';
import type { Shaped } from '../session.ts';
import { operationCases } from './cases.ts';
import { evaluateCase } from './evaluate-case.ts';
import type { OperationCase } from './operation-case.ts';

/** One case computed by two runtimes. */
export interface OperationCheck {
  readonly operation: string;
  readonly variant: string;
  /** {@link deviation} of the result; NaN when it could not be computed. */
  readonly result: number;
  /** The largest {@link deviation} of its gradients; 0 where there are none. */
  readonly gradient: number;
  readonly isRight: boolean;
  /** Why it could not be computed. */
  readonly problem?: string;
}

/**
 * Deviation that float32 arithmetic explains for these inputs. Measured: at most 6e-7 between the CPU
 * and the WebGPU provider on software Vulkan (Mesa 25 lavapipe). The rest is room for real GPUs, whose
 * exponentials are less exact; a wrong kernel is off by far more.
 */
const TOLERANCE = 1e-4;

/**
 * Compares `candidate` with `reference` on every case.
 *
 * @param reference - default: the CPU of the default runtime
 */
export async function checkRuntime(
  candidate: Runtime,
  { reference, cases = operationCases }: CheckOptions = {},
): Promise<OperationCheck[]> {
  const truth = reference ?? { ...(await defaultRuntime()), providers: ['cpu'] };
  const checks: OperationCheck[] = [];
  for (const operationCase of cases) checks.push(await compare(operationCase, candidate, truth));
  return checks;
}

/** What to compare with, and on which cases. */
export interface CheckOptions {
  readonly reference?: Runtime;
  readonly cases?: readonly OperationCase[];
}

async function compare(
  operationCase: OperationCase,
  candidate: Runtime,
  reference: Runtime,
): Promise<OperationCheck> {
  const { operation, variant } = operationCase;
  const wanted = await evaluateCase(operationCase, reference);
  try {
    const found = await evaluateCase(operationCase, candidate);
    const result = deviation(found.result, wanted.result);
    const gradient = Object.entries(wanted.gradients).reduce(
      (worst, [name, want]) => Math.max(worst, deviation(found.gradients[name]!, want)),
      0,
    );
    const isRight = result <= TOLERANCE && gradient <= TOLERANCE; // false for NaN
    return { operation, variant, result, gradient, isRight };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { operation, variant, result: NaN, gradient: NaN, isRight: false, problem };
  }
}

/**
 * Largest difference of two values, relative to the largest magnitude that is wanted, at least 1.
 * Infinite for another shape, NaN where one is NaN.
 */
export function deviation(found: Shaped, wanted: Shaped): number {
  if (found.shape.join() !== wanted.shape.join()) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let scale = 1;
  for (let i = 0; i < wanted.data.length; i++) {
    const want = Number(wanted.data[i]);
    difference = Math.max(difference, Math.abs(Number(found.data[i]) - want));
    scale = Math.max(scale, Math.abs(want));
  }
  return difference / scale;
}

/**
 * Refuses a provider that computes an operation wrongly, or not at all.
 *
 * @throws GeorError `engine` that names each wrong operation with its worst deviation
 */
export function requireRight(provider: string, checks: readonly OperationCheck[]): void {
  const wrong = new Map<string, string>();
  for (const { operation, isRight, result, gradient, problem } of checks)
    if (!isRight)
      wrong.set(operation, problem ?? `off by ${Math.max(result, gradient).toPrecision(2)}`);
  if (wrong.size === 0) return;
  const list = Array.from(wrong, ([operation, why]) => `${operation} (${why})`).join(', ');
  throw new GeorError('engine', `${provider} does not compute what the CPU computes: ${list}`, {
    hint: 'use the cpu provider, or another driver; "geor doctor" shows every operation',
  });
}
