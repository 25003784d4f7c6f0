/**
 * How running samples are laid out for a decoding step.
 *
 * A cell holds one prompt and up to `slots` samples of it, which share the prompt's keys and values.
 * While all samples of a prompt run, one cell holds them. When many have ended, full rectangles waste
 * rows; then fewer slots and more cells are cheaper, down to a cell for every sample.
 * @module
 */

/** A cell: which prompt, and which samples stand in its slots. */
export interface Cell {
  readonly prompt: number;
  readonly samples: readonly number[];
}

/** A layout of samples. Slots that no sample fills repeat the cell's first. */
export interface CellPlan {
  readonly slots: number;
  readonly cells: readonly Cell[];
}

/** What a decoding step costs, in any one unit. */
export interface StepCost {
  /** Computing one row. */
  readonly row: number;
  /** Reading one cell's prompt. */
  readonly cell: number;
}

/**
 * The cheapest layout of the running samples of each prompt.
 *
 * @param running - the running samples of every prompt; none where all have ended
 */
export function planCells(running: readonly (readonly number[])[], cost: StepCost): CellPlan {
  const most = Math.max(...running.map((samples) => samples.length));
  let best: { slots: number; price: number } | undefined;
  for (let slots = 1; slots <= most; slots++) {
    const cells = running.reduce((sum, { length }) => sum + Math.ceil(length / slots), 0);
    const price = cells * (slots * cost.row + cost.cell);
    if (!best || price < best.price) best = { slots, price };
  }
  const slots = best?.slots ?? 1;
  const cells = running.flatMap((samples, prompt) =>
    Array.from({ length: Math.ceil(samples.length / slots) }, (_, i) => ({
      prompt,
      samples: samples.slice(i * slots, (i + 1) * slots),
    })),
  );
  return { slots, cells };
}
