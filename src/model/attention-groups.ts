/**
 * Attention inside groups of rows: the windows or the images of a vision transformer.
 *
 * Groups of unequal size are laid into rectangles whose unused slots are masked: as keys they weigh
 * nothing, as queries nobody reads them.
 * @module
 */
import { ops, type Tensor } from '../tensor/index.ts';
import type { Projected } from './language.ts';

/** How rows stand in groups. */
export interface Regrouping {
  /** Name of the number of groups. */
  readonly count: string;
  /** Name of the slots of each group. */
  readonly capacity: string;
  /** Where rows move; absent where rows are the slots already. */
  readonly moves?: {
    /** The row in every slot, int64, (count x capacity). */
    readonly rows: Tensor;
    /** The slot of every row, int64, (rows). */
    readonly slots: Tensor;
    /** 1 where a slot is used, else 0, (count, capacity). */
    readonly used: Tensor;
  };
}

/** Attention of every row to the rows of its group. @returns (rows, heads x d) */
export function groupAttention(
  { query, key, value }: Projected,
  heads: number,
  { count, capacity, moves }: Regrouping,
): Tensor {
  const rows = query.shape[0]!;
  const width = query.shape[1] as number;
  const headDim = width / heads;
  const intoSlots = (x: Tensor): Tensor => (moves ? fill(x, moves) : x);
  const byHead = (x: Tensor): Tensor =>
    ops.transpose(ops.reshape(intoSlots(x), [count, capacity, heads, headDim]), [0, 2, 1, 3]);
  const scaled = ops.mul(query, headDim ** -0.5);
  const scores = ops.matmul(byHead(scaled), byHead(key), { transposeB: true });
  const masked = moves ? ops.add(scores, slotMask(moves.used)) : scores;
  const mixed = ops.transpose(ops.matmul(ops.softmax(masked), byHead(value)), [0, 2, 1, 3]);
  if (!moves) return ops.reshape(mixed, [rows, width]);
  return empty(ops.reshape(mixed, [moves.rows.shape[0]!, width]), moves);
}

/** -1e9 where a slot is unused: (count, 1, 1, capacity). */
function slotMask(used: Tensor): Tensor {
  const [count, capacity] = used.shape;
  return ops.reshape(ops.mul(ops.sub(1, used), -1e9), [count!, 1, 1, capacity!]);
}

type Moves = NonNullable<Regrouping['moves']>;

const gather = (x: Tensor, indices: Tensor): Tensor =>
  x.graph.apply('Gather', [x, indices], { shape: [indices.shape[0]!, x.shape[1]!] }, { axis: 0 });

/**
 * Rows into slots. An unused slot holds row 0, but nothing that comes of it counts, so its gradient
 * is zero and that of a row is its slot's.
 */
const fill = (x: Tensor, { rows, slots }: Moves): Tensor =>
  x.graph.differentiable(
    [x],
    () => gather(x, rows),
    (g) => [gather(g, slots)],
  );

/** Slots back into rows; the gradient of an unused slot is zero. */
const empty = (x: Tensor, { rows, slots, used }: Moves): Tensor =>
  x.graph.differentiable(
    [x],
    () => gather(x, slots),
    (g) => [ops.mul(gather(g, rows), ops.reshape(used, [rows.shape[0]!, 1]))],
  );
