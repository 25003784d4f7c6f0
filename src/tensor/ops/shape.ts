/**
 * Operations that move elements: reshape, transpose, slice, concatenate.
 * @module
 */
import { invariant } from '../../core/index.ts';
import { type Dimension, sizeOf, type Tensor } from '../graph.ts';

/** Whether two shapes agree in sizes and names. */
export const sameShape = (a: readonly Dimension[], b: readonly Dimension[]): boolean =>
  a.length === b.length && a.every((dimension, i) => dimension === b[i]);

/**
 * The same elements in another shape. A named dimension may stay in place, one may be inferred, and
 * any other is the size that a graph input's dimension of that name has in the run.
 */
export function reshape(x: Tensor, shape: readonly Dimension[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const isStatic = [...x.shape, ...shape].every((dimension) => typeof dimension === 'number');
  invariant(
    !isStatic || sizeOf(x.shape) === sizeOf(shape),
    `cannot reshape [${x.shape.join()}] to [${shape.join()}]`,
  );
  const { graph } = x;
  return graph.differentiable(
    [x],
    () => graph.apply('Reshape', [x, reshapeTarget(x, shape)], { shape, type: x.type }),
    (g) => [reshape(g, x.shape)],
  );
}

/** What ONNX's Reshape is told: sizes, 0 to keep the dimension of that place, -1 to infer one. */
function reshapeTarget({ graph, shape: from }: Tensor, to: readonly Dimension[]): Tensor {
  const known = to.map((dimension, i) => {
    if (typeof dimension === 'number') return dimension;
    return dimension === from[i] ? 0 : undefined;
  });
  const unknown = to.filter((_, i) => known[i] === undefined) as string[];
  const isFed = (name: string): boolean => graph.inputs.some(({ shape }) => shape.includes(name));
  const inferred = unknown.find((name) => !isFed(name)) ?? unknown[0];
  invariant(
    unknown.every((name) => name === inferred || isFed(name)),
    `cannot infer [${to.join()}] from [${from.join()}]`,
  );
  if (unknown.length <= 1) return graph.integers(known.map((size) => size ?? -1));
  let isInferred = false;
  const parts = to.map((name, i) => {
    const size = known[i];
    if (size !== undefined) return graph.integers([size]);
    if (name !== inferred || isInferred) return graph.dimension(name as string);
    isInferred = true;
    return graph.integers([-1]);
  });
  return graph.apply('Concat', parts, { shape: [to.length], type: 'int64' }, { axis: 0 });
}

/** Axes in another order: result axis `i` is input axis `order[i]`. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  const inverse = order.map((_, i) => order.indexOf(i));
  const shape = order.map((axis) => x.shape[axis]!);
  return x.graph.differentiable(
    [x],
    () => x.graph.apply('Transpose', [x], { shape, type: x.type }, { perm: order }),
    (g) => [transpose(g, inverse)],
  );
}

/** Elements `start` to `end` (not included) of one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const { graph } = x;
  const size = x.shape[axis];
  invariant(
    typeof size === 'number' && start >= 0 && start < end && end <= size,
    `slice ${start}..${end} of axis ${axis} of [${x.shape.join()}]`,
  );
  if (start === 0 && end === size) return x;
  const shape = x.shape.with(axis, end - start);
  return graph.differentiable(
    [x],
    () =>
      graph.apply(
        'Slice',
        [x, graph.integers([start]), graph.integers([end]), graph.integers([axis])],
        {
          shape,
          type: x.type,
        },
      ),
    (g) => {
      const pads = new Array<number>(2 * x.shape.length).fill(0);
      pads[axis] = start;
      pads[x.shape.length + axis] = size - end;
      return [graph.apply('Pad', [g, graph.integers(pads)], { shape: x.shape })];
    },
  );
}

/** Splits one axis into consecutive parts of the given sizes. */
export function split(x: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] {
  invariant(
    sizes.reduce((a, b) => a + b, 0) === x.shape[axis],
    `cannot split axis ${axis} of [${x.shape.join()}] into ${sizes.join(' + ')}`,
  );
  const parts: readonly Tensor[] = x.graph.differentiableMany(
    [x],
    () => cut(x, axis, sizes, x.graph.integers(sizes)),
    (gradients) => [
      concat(
        gradients.map((g, i) => g ?? filledLike(0, parts[i]!)),
        axis,
      ),
    ],
  );
  return parts;
}

function cut(
  x: Tensor,
  axis: number,
  sizes: readonly Dimension[],
  sizesAtRunTime: Tensor,
): readonly Tensor[] {
  const shapes = sizes.map((size) => ({ shape: x.shape.with(axis, size), type: x.type }));
  return x.graph.applyMany('Split', [x, sizesAtRunTime], shapes, { axis });
}

/** Tensors one after the other along an axis, whose sizes may be names. Equal shapes elsewhere. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const first = parts[0];
  invariant(first, 'concat of nothing');
  if (parts.length === 1) return first;
  const sizes = parts.map((part) => part.shape[axis]!);
  const total = sizes.every((size) => typeof size === 'number')
    ? sizes.reduce((a, b) => a + b, 0)
    : sizes.join('+');
  const { graph } = first;
  return graph.differentiable(
    parts,
    () =>
      graph.apply(
        'Concat',
        parts,
        { shape: first.shape.with(axis, total), type: first.type },
        { axis },
      ),
    (g) => {
      if (sizes.every((size) => typeof size === 'number')) return split(g, axis, sizes);
      const atRunTime = parts.map((part) =>
        graph.apply('Shape', [part], { shape: [1], type: 'int64' }, { start: axis, end: axis + 1 }),
      );
      return cut(g, axis, sizes, concat(atRunTime, 0));
    },
  );
}

/** A tensor of one value in the shape of `like`, which may be known only at run time. No gradient. */
export function filledLike(value: number, like: Tensor): Tensor {
  const { graph } = like;
  return graph.apply('Expand', [graph.scalar(value), shapeOf(like)], { shape: like.shape });
}

/** The shape of `x` at run time, int64, (rank). */
export function shapeOf(x: Tensor): Tensor {
  return x.graph.apply('Shape', [x], { shape: [x.shape.length], type: 'int64' });
}
