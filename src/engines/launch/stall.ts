/**
 * When a run that says nothing any more is taken for stuck.
 * @module
 */

/** The rule, in milliseconds. */
export interface StallRule {
  /** Silence that is always allowed. */
  readonly leastMs: number;
  /** Silence allowed before the first step: models load and compile. */
  readonly startMs: number;
}

/**
 * The rule by default: ten minutes, half an hour before the first step. Checkpoints and evaluations
 * come between steps, so five times the usual step is allowed where that is longer.
 */
export const STALL_RULE: StallRule = { leastMs: 600_000, startMs: 1_800_000 };

const STEPS_ALLOWED = 5;

/** Notices silence. Times are milliseconds of one clock. */
export class StallWatch {
  readonly #rule: StallRule;
  readonly #gapsMs: number[] = [];
  #lastMs: number;
  #hasStep = false;

  constructor(startMs: number, rule: StallRule = STALL_RULE) {
    this.#rule = rule;
    this.#lastMs = startMs;
  }

  /** Something was reported. */
  report(nowMs: number): void {
    if (this.#hasStep) this.#gapsMs.push(nowMs - this.#lastMs);
    this.#hasStep = true;
    this.#lastMs = nowMs;
  }

  /** Nothing could be reported until now: it waits for its machines. */
  waiting(nowMs: number): void {
    if (!this.#hasStep) this.#lastMs = nowMs;
  }

  /** Silence allowed now. */
  get allowedMs(): number {
    if (!this.#hasStep) return Math.max(this.#rule.startMs, this.#rule.leastMs);
    const sorted = [...this.#gapsMs].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    return Math.max(this.#rule.leastMs, STEPS_ALLOWED * median);
  }

  /** How long it has been silent, if that is too long. */
  stalledMs(nowMs: number): number | undefined {
    const silentMs = nowMs - this.#lastMs;
    return silentMs > this.allowedMs ? silentMs : undefined;
  }
}
