/**
 * The page of training runs: how far, how well, what happened, with one chart a figure.
 *
 * Several runs lie over each other in each chart. Rewards are of the samples trained on; what a
 * model can do is measured by an evaluation, which is another page.
 * @module
 */
import { type Content, html, table } from '../markup.ts';
import { curves } from '../page/curves.ts';
import { renderPage } from '../page/frame.ts';
import { pageHeader } from '../page/header.ts';
import { record } from '../page/record.ts';
import type { ReportCurve } from '../report-input.ts';
import { formatCount, formatNumber } from '../svg/format.ts';

/** An attempt to run an engine. */
export interface TrainingAttempt {
  readonly number: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Steps done at the checkpoint it went on from. */
  readonly resumedFrom: number;
  readonly outcome: string;
  readonly reason: string | null;
}

/** A run. */
export interface TrainingRun {
  readonly name: string;
  /** What is trained how, in half a sentence. */
  readonly about: string;
  readonly state: string;
  readonly step: number;
  readonly totalSteps: number;
  /** Mean reward of the last step. */
  readonly reward?: number;
  readonly attempts: readonly TrainingAttempt[];
  readonly record: Readonly<Record<string, string | number | boolean | null>>;
}

/** A whole page. */
export interface TrainingReport {
  readonly title: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly runs: readonly TrainingRun[];
  readonly figures: readonly Pick<ReportCurve, 'title' | 'series' | 'include'>[];
}

/** Curves of this many steps and more are read by their moving average. */
const MANY_STEPS = 60;
const SMOOTHING = 9;

const clockTime = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '');

/** Renders the page; a whole HTML document. */
export function renderTraining({ title, madeAt, runs, figures }: TrainingReport): string {
  return renderPage({
    title,
    madeAt,
    sections: [
      pageHeader({
        overline: 'Training',
        title,
        lede: runs.map(({ about }) => about).join('; ') || 'Nothing was run.',
        measured:
          'Figures of the samples trained on, as the engine and the reward service reported them. They say how training goes, not how well the model locates photographs it has not seen.',
        facts: runs.map(({ name, state, step, totalSteps, reward }) => ({
          name: runs.length === 1 ? 'Steps' : name,
          value: `${formatCount(step)} of ${formatCount(totalSteps)}`,
          notes: [state, reward !== undefined && `reward ${formatNumber(reward)} at the last step`],
        })),
      }),
      curves({
        curves: figures.map((figure) => ({
          ...figure,
          xLabel: 'step',
          smoothing: figure.series.some(({ points }) => points.length >= MANY_STEPS)
            ? SMOOTHING
            : 0,
        })),
      }),
      attempts(runs),
      record({
        stages: [],
        record: runs.map((run) => ({ title: run.name, entries: run.record })),
      }),
    ],
  });
}

function attempts(runs: readonly TrainingRun[]): Content {
  const rows = runs.flatMap((run) => run.attempts.map((attempt) => ({ run, attempt })));
  return html`<section id="results"><h2>Attempts</h2>${
    rows.length === 0
      ? html`<p class="quiet">None yet.</p>`
      : table({
          caption: 'Times are UTC. An attempt goes on from the last whole checkpoint.',
          head: ['Run', 'Attempt', 'From step', 'Began', 'Ended', 'How'],
          rows: rows.map(({ run, attempt }) => ({
            cells: [
              run.name,
              String(attempt.number),
              formatCount(attempt.resumedFrom),
              clockTime(attempt.startedAt),
              attempt.endedAt ? clockTime(attempt.endedAt) : '',
              [attempt.outcome, attempt.reason].filter(Boolean).join(': '),
            ],
          })),
        })
  }</section>`;
}
