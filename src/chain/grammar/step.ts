/**
 * Grammars of answers, as automata over bytes: each place in a text knows what may follow.
 * @module
 */
import type { ByteAutomaton } from '../../core/index.ts';

/** A place in a text. Two steps with one key are one place. */
export interface Step {
  readonly key: string;
  /** Whether a text may end here. */
  readonly isFinal: boolean;
  next(byte: number): Step | undefined;
}

/** The end of every text. */
export const END: Step = { key: 'end', isFinal: true, next: () => undefined };

/** Numbers the steps that are reached, as they are reached. */
export function automatonOf(first: Step): ByteAutomaton {
  const steps = [first];
  const numbers = new Map([[first.key, 0]]);
  return {
    start: 0,
    next(state, byte) {
      const step = steps[state]!.next(byte);
      if (!step) return -1;
      const known = numbers.get(step.key);
      if (known !== undefined) return known;
      numbers.set(step.key, steps.length);
      return steps.push(step) - 1;
    },
    isFinal: (state) => steps[state]!.isFinal,
  };
}
