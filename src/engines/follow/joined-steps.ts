/**
 * The steps of a run over all its attempts, each step once.
 *
 * An attempt that goes on from a checkpoint undoes what the one before it had done past that
 * checkpoint: those steps are taken back as soon as the new attempt begins, and written again as it
 * gets there.
 * @module
 */
import type { MetricsLine } from './metrics-line.ts';

/** The figures of a step that counts. */
export interface JoinedStep {
  readonly step: number;
  /** The attempt that it comes from, from 1. */
  readonly attempt: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Joins steps as they come in. */
export class JoinedSteps {
  readonly #steps = new Map<number, JoinedStep>();
  #last = 0;
  #attempt = 0;

  /** An attempt begins with `step` steps done (0: from the start). */
  begin(attempt: number, step: number): void {
    if (attempt <= this.#attempt) return;
    this.#attempt = attempt;
    this.#dropAfter(step);
  }

  /**
   * A line of an attempt. Lines of one step are put together, the later figure counting. A step
   * below the last one means that the engine went back without a word (a file that all attempts
   * append to): what lay after it is dropped.
   */
  add(line: MetricsLine, attempt: number): void {
    if (attempt < this.#attempt) return;
    this.begin(attempt, Math.max(0, line.step - 1));
    if (line.step < this.#last) this.#dropAfter(line.step - 1);
    const known = this.#steps.get(line.step);
    this.#steps.set(line.step, {
      step: line.step,
      attempt,
      values: { ...known?.values, ...line.values },
    });
    this.#last = line.step;
  }

  /** All steps, ascending. */
  get steps(): JoinedStep[] {
    return [...this.#steps.values()].sort((a, b) => a.step - b.step);
  }

  #dropAfter(step: number): void {
    for (const known of this.#steps.keys()) if (known > step) this.#steps.delete(known);
    this.#last = Math.min(this.#last, step);
  }
}
