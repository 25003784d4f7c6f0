/**
 * A bounded history of a number: when it is full, neighbours are averaged and from then on each
 * entry stands for twice as many reports, so the whole run stays in view at one scale.
 * @module
 */

const CAPACITY = 512;

/** A history; `stride` reports make an entry. */
export interface History {
  readonly values: readonly number[];
  readonly stride: number;
  /** Reports that do not make an entry yet. */
  readonly pending: readonly number[];
}

/** A history without reports. */
export const EMPTY_HISTORY: History = { values: [], stride: 1, pending: [] };

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The history with one more report. */
export function withReport(history: History, value: number): History {
  const { stride } = history;
  const pending = [...history.pending, value];
  if (pending.length < stride) return { ...history, pending };
  const values = [...history.values, mean(pending)];
  if (values.length < CAPACITY) return { values, stride, pending: [] };
  const halved = Array.from({ length: CAPACITY / 2 }, (_, i) =>
    mean(values.slice(2 * i, 2 * i + 2)),
  );
  return { values: halved, stride: stride * 2, pending: [] };
}
