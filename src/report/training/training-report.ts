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
import { formatCount, formatInterval, formatNumber } from '../svg/format.ts';

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
  /** Absent where a run keeps no list of them. */
  readonly attempts?: readonly TrainingAttempt[];
  readonly record: Readonly<Record<string, string | number | boolean | null>>;
}

/** A figure with its 95 % interval. */
interface Interval {
  readonly value: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/** What a run's model answered to rows that it was not trained on. */
export interface HeldOutRow {
  readonly run: string;
  /** `before`, `trained`. */
  readonly when: string;
  readonly n: number;
  /** Answers that name no place; they count as wrong. */
  readonly withoutPlace: number;
  /** Percent within each distance. */
  readonly within: readonly (Omit<Interval, 'value'> & { km: number; percent: number })[];
  readonly medianKm: Interval;
  readonly reward?: Interval;
}

/** A whole page. */
export interface TrainingReport {
  readonly title: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly runs: readonly TrainingRun[];
  readonly figures: readonly Pick<ReportCurve, 'title' | 'series' | 'include'>[];
  readonly heldOut?: readonly HeldOutRow[];
}

const CURVES =
  'Figures of the samples trained on, as the engine and the reward service reported them. They say how training goes, not how well the model locates photographs it has not seen.';
const CURVES_AND_HELD_OUT =
  'Curves are of the samples trained on and say how training goes. How well the model locates what it has not seen stands below, under held-out rows.';

/** Curves of this many steps and more are read by their moving average. */
const MANY_STEPS = 60;
const SMOOTHING = 9;

const clockTime = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '');

/** Renders the page; a whole HTML document. */
export function renderTraining({
  title,
  madeAt,
  runs,
  figures,
  heldOut = [],
}: TrainingReport): string {
  return renderPage({
    title,
    madeAt,
    sections: [
      pageHeader({
        overline: 'Training',
        title,
        lede: runs.map(({ about }) => about).join('; ') || 'Nothing was run.',
        measured: heldOut.length > 0 ? CURVES_AND_HELD_OUT : CURVES,
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
      heldOut.length > 0 && heldOutTable(heldOut),
      runs.some((run) => run.attempts) && attempts(runs),
      record({
        stages: [],
        record: runs.map((run) => ({ title: run.name, entries: run.record })),
      }),
    ],
  });
}

function attempts(runs: readonly TrainingRun[]): Content {
  const rows = runs.flatMap((run) => (run.attempts ?? []).map((attempt) => ({ run, attempt })));
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

const withInterval = (
  value: string,
  { ciLow, ciHigh }: Omit<Interval, 'value'>,
  decimals: number,
) => html`${value}<small>${formatInterval(finite(ciLow), finite(ciHigh), decimals)}</small>`;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function heldOutTable(rows: readonly HeldOutRow[]): Content {
  const distances = rows[0]!.within.map(({ km }) => km);
  return html`<section id="held-out"><h2>Held-out rows</h2>${table({
    caption:
      'Percent within each distance, most probable answers, with 95 % intervals. The same rows before and after.',
    head: [
      'Run',
      ...distances.map((km) => `${formatNumber(km, 0)} km`),
      'Median, km',
      'Reward',
      'n',
    ],
    rows: rows.map(({ run, when, n, withoutPlace, within, medianKm, reward }) => ({
      cells: [
        html`${run}<small>${when}${withoutPlace > 0 && `, ${formatCount(withoutPlace)} without a place`}</small>`,
        ...within.map((one) => withInterval(formatNumber(one.percent, 1), one, 1)),
        withInterval(formatNumber(finite(medianKm.value), 0), medianKm, 0),
        reward ? withInterval(formatNumber(reward.value, 3), reward, 3) : '',
        formatCount(n),
      ],
    })),
  })}</section>`;
}
