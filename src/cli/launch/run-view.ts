/**
 * A run as it is shown: live on the terminal, and as a page in its folder.
 * @module
 */
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/node/index.ts';
import {
  type AttemptsFile,
  type Failure,
  headlineFigures,
  type Manifest,
  RunFigures,
  type SuperviseObserver,
} from '../../engines/index.ts';
import type { Display } from '../display/index.ts';
import { displayOnStderr } from '../long-run.ts';
import { renderRuns } from './run-report.ts';

/** Least time between two versions of the page. */
const REPORT_MS = 30_000;

/** Shows a run. */
export class RunView implements SuperviseObserver {
  readonly #folder: string;
  readonly #manifest: Manifest;
  readonly #attempts: AttemptsFile;
  readonly #figures: RunFigures;
  readonly #display: Display;
  #shownStep = 0;
  #reportedMs = 0;

  constructor(folder: string, manifest: Manifest, attempts: AttemptsFile) {
    this.#folder = folder;
    this.#manifest = manifest;
    this.#attempts = attempts;
    this.#figures = new RunFigures(folder, manifest);
    this.#display = displayOnStderr();
  }

  /** Where the page is. */
  get reportPath(): string {
    return join(this.#folder, 'report.html');
  }

  /** Steps done. */
  get step(): number {
    return this.#figures.steps.at(-1)?.step ?? 0;
  }

  attempt(number: number, resumedFrom: number, isFound: boolean): void {
    const { engine, stage, run } = this.#manifest;
    const from = resumedFrom > 0 ? ` from step ${resumedFrom}` : '';
    const found = isFound ? ', taken up again' : '';
    this.#shownStep = 0;
    this.#display.stage(`${run}: ${engine.name} ${stage}, attempt ${number}${from}${found}`);
  }

  failed(number: number, reason: string, failure: Failure, lines: readonly string[]): void {
    this.#display.endStage(`failed, ${reason}`);
    this.#display.note(`attempt ${number} failed: ${reason}`);
    for (const line of lines) this.#display.note(`  | ${line}`);
    if (failure.message) this.#display.note(`first error: ${failure.message}`);
    if (failure.hint) this.#display.note(`hint: ${failure.hint}`);
    this.#display.note(`whole log: ${join(this.#folder, 'logs', `attempt-${number}.log`)}`);
    this.writeReport();
  }

  note(text: string): void {
    this.#display.note(text);
  }

  /** Reads and shows what is new; whether the engine reported anything. */
  readonly readFigures = (): boolean => {
    const isNew = this.#figures.read(this.#attempts.attempts);
    if (!isNew) return false;
    const steps = this.#figures.steps;
    const last = steps.at(-1)?.step ?? 0;
    if (last < this.#shownStep) this.#shownStep = 0;
    for (const { step, values } of steps) {
      if (step <= this.#shownStep) continue;
      this.#display.progress({
        done: step,
        total: this.#figures.totalSteps,
        fields: headlineFigures(values),
      });
    }
    this.#shownStep = last;
    if (performance.now() - this.#reportedMs > REPORT_MS) this.writeReport();
    return true;
  };

  /** Writes the page. */
  writeReport(): void {
    this.#reportedMs = performance.now();
    writeFileAtomic(
      this.reportPath,
      renderRuns([
        {
          manifest: this.#manifest,
          attempts: this.#attempts.attempts,
          steps: this.#figures.steps,
          totalSteps: this.#figures.totalSteps,
        },
      ]),
    );
  }

  /** Ends the display. */
  done(summary: string): void {
    this.readFigures();
    this.writeReport();
    this.#display.endStage();
    this.#display.note(`report: ${this.reportPath}`);
    this.#display.done(summary);
  }
}
