/**
 * A case computed by one runtime: its result and its gradients.
 * @module
 */
import { Graph, type Tensor } from '../graph.ts';
import { mul, sum } from '../ops/index.ts';
import type { Runtime } from '../runtime.ts';
import { Session, type SessionOptions, type Shaped } from '../session.ts';
import { drawInputs, type OperationCase } from './operation-case.ts';

/** What a case gives. */
export interface CaseValues {
  readonly result: Shaped;
  /** By input: d (half the sum of squares of the result) / d input. */
  readonly gradients: Readonly<Record<string, Shaped>>;
}

/** The graph of a case: output `result` and, where it has gradients, `gradient:<input>`. */
export function caseGraph(operationCase: OperationCase): Graph {
  const { inputs, build, isDifferentiable } = operationCase;
  const graph = new Graph();
  const tensors: Record<string, Tensor> = {};
  for (const [name, { shape, dimensions = shape, integers }] of Object.entries(inputs))
    tensors[name] = graph.input(name, dimensions, integers ? 'int64' : 'float32');
  const result = build(tensors);
  graph.output(result, 'result');
  if (!isDifferentiable) return graph;
  const names = Object.keys(inputs).filter((name) => !inputs[name]!.integers);
  const loss = mul(sum(mul(result, result)), 0.5);
  const gradients = graph.gradients(
    loss,
    names.map((name) => tensors[name]!),
  );
  names.forEach((name, i) => {
    graph.output(gradients[i]!, `gradient:${name}`);
  });
  return graph;
}

/**
 * Computes a case once, on its own inputs.
 *
 * @throws GeorError `engine` when the runtime refuses it
 */
export async function evaluateCase(
  operationCase: OperationCase,
  runtime?: Runtime,
): Promise<CaseValues> {
  const options: SessionOptions = { threads: 1, ...(runtime && { runtime }) };
  const session = await Session.create(caseGraph(operationCase), options);
  try {
    const { result, ...rest } = await session.run(drawInputs(operationCase));
    const gradients = Object.entries(rest).map(([name, value]) => [name.split(':')[1]!, value]);
    return { result: result!, gradients: Object.fromEntries(gradients) };
  } finally {
    await session.release();
  }
}
