/**
 * Operations element by element, with NumPy's broadcasting.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { Dimension, Graph, Tensor } from '../graph.ts';
import { sumTo } from './reduce.ts';

/** A tensor, or a number that becomes a constant. */
export type Operand = Tensor | number;

const lift = (graph: Graph, x: Operand): Tensor => (typeof x === 'number' ? graph.scalar(x) : x);

function graphOf(a: Operand, b: Operand): Graph {
  if (typeof a !== 'number') return a.graph;
  invariant(typeof b !== 'number', 'an operation needs a tensor');
  return b.graph;
}

/** The shape two operands broadcast to. */
export function broadcast(a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    invariant(x === y || x === 1 || y === 1, `[${a.join()}] and [${b.join()}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

type BinaryBackward = (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => [() => Tensor, () => Tensor];

const binary =
  (operation: string, backward: BinaryBackward) =>
  (left: Operand, right: Operand): Tensor => {
    const graph = graphOf(left, right);
    const a = lift(graph, left);
    const b = lift(graph, right);
    const y: Tensor = graph.differentiable(
      [a, b],
      () => graph.apply(operation, [a, b], { shape: broadcast(a.shape, b.shape) }),
      (g) => {
        const [da, db] = backward(g, a, b, y);
        return [
          typeof left === 'number' ? null : sumTo(da(), a.shape),
          typeof right === 'number' ? null : sumTo(db(), b.shape),
        ];
      },
    );
    return y;
  };

/** a + b */
export const add: (a: Operand, b: Operand) => Tensor = binary('Add', (g) => [() => g, () => g]);

/** a - b */
export const sub: (a: Operand, b: Operand) => Tensor = binary('Sub', (g) => [
  () => g,
  () => neg(g),
]);

/** a b */
export const mul: (a: Operand, b: Operand) => Tensor = binary('Mul', (g, a, b) => [
  () => mul(g, b),
  () => mul(g, a),
]);

/** a / b */
export const div: (a: Operand, b: Operand) => Tensor = binary('Div', (g, _a, b, y) => [
  () => div(g, b),
  () => neg(div(mul(g, y), b)),
]);

/** min(a, b); where equal, the gradient goes to `a`. */
export const minimum: (a: Operand, b: Operand) => Tensor = binary('Min', (g, a, b) => [
  () => where(lessOrEqual(a, b), g, 0),
  () => where(lessOrEqual(a, b), 0, g),
]);

/** max(a, b); where equal, the gradient goes to `a`. */
export const maximum: (a: Operand, b: Operand) => Tensor = binary('Max', (g, a, b) => [
  () => where(lessOrEqual(b, a), g, 0),
  () => where(lessOrEqual(b, a), 0, g),
]);

const unary =
  (operation: string, backward: (g: Tensor, x: Tensor, y: Tensor) => Tensor) =>
  (x: Tensor): Tensor => {
    const y: Tensor = x.graph.differentiable(
      [x],
      () => x.graph.apply(operation, [x], { shape: x.shape }),
      (g) => [backward(g, x, y)],
    );
    return y;
  };

/** -x */
export const neg: (x: Tensor) => Tensor = unary('Neg', (g) => neg(g));

/** e^x */
export const exp: (x: Tensor) => Tensor = unary('Exp', (g, _x, y) => mul(g, y));

/** Natural logarithm, x > 0. */
export const log: (x: Tensor) => Tensor = unary('Log', (g, x) => div(g, x));

/** Square root, x > 0 where differentiated. */
export const sqrt: (x: Tensor) => Tensor = unary('Sqrt', (g, _x, y) => div(g, mul(y, 2)));

/** 1 / (1 + e^-x) */
export const sigmoid: (x: Tensor) => Tensor = unary('Sigmoid', (g, _x, y) =>
  mul(g, mul(y, sub(1, y))),
);

/** Error function; derivative 2 / sqrt(pi) e^(-x^2). */
export const erf: (x: Tensor) => Tensor = unary('Erf', (g, x) =>
  mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
);

/** a <= b, element by element, as booleans. */
export function lessOrEqual(a: Operand, b: Operand): Tensor {
  const graph = graphOf(a, b);
  const [x, y] = [lift(graph, a), lift(graph, b)];
  return graph.apply('LessOrEqual', [x, y], { shape: broadcast(x.shape, y.shape), type: 'bool' });
}

/** a = b, element by element, as booleans. Integers or floats. */
export function equal(a: Tensor, b: Tensor): Tensor {
  return a.graph.apply('Equal', [a, b], { shape: broadcast(a.shape, b.shape), type: 'bool' });
}

/** `a` where `condition`, else `b`. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const { graph } = condition;
  const [x, y] = [lift(graph, a), lift(graph, b)];
  const shape = broadcast(condition.shape, broadcast(x.shape, y.shape));
  return graph.differentiable(
    [x, y],
    () => graph.apply('Where', [condition, x, y], { shape }),
    (g) => [sumTo(where(condition, g, 0), x.shape), sumTo(where(condition, 0, g), y.shape)],
  );
}

/** Booleans to 1 and 0. */
export function toFloat(x: Tensor): Tensor {
  return x.graph.apply('Cast', [x], { shape: x.shape }, { to: 1 });
}

/** The same value; gradients stop here. */
export function stopGradient(x: Tensor): Tensor {
  return x.graph.apply('Identity', [x], { shape: x.shape, type: x.type });
}
