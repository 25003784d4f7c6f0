/**
 * Writes the report of an evaluation: a page, the same figures as Markdown, every chart as a file.
 * @module
 */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Answer, type AnswerContract, parseAnswer } from '../chain/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import { type PredictionRow, READINGS, type ScoredRows } from '../evaluate/index.ts';
import type { Place } from '../geo/index.ts';
import {
  type EvaluationReport,
  evaluationCharts,
  formatNumber,
  type RecordGroup,
  type ReportChain,
  renderEvaluation,
  type ShownAnswer,
  worldAtlas,
} from '../report/index.ts';
import { type EvaluateResult, printed } from './evaluate-output.ts';

/** Answers shown in each list. */
const SHOWN = 6;
/** Answers on the map at most: an even sample of more. */
const MAX_MAPPED = 5000;

/** What a report needs besides the result. */
export interface ReportSources {
  readonly rows: ScoredRows;
  readonly truthPath: string;
  readonly predictionsPath: string;
  readonly contract: AnswerContract;
  /** The predictions once more, for the texts of the answers that are shown. */
  readonly predictions: () => Iterable<PredictionRow>;
  readonly placeAt?: (lat: number, lon: number) => Place | null;
  readonly record: readonly RecordGroup[];
  readonly madeAt: string;
}

/** Rows worth a look: the worst and the best answers, and the first that were not read. */
function rowsToShow({
  distanceKm,
  reading,
}: ScoredRows): Record<'worst' | 'best' | 'unread', number[]> {
  const answered: number[] = [];
  const unread: number[] = [];
  const missing = READINGS.indexOf('missing');
  distanceKm.forEach((km, row) => {
    if (Number.isFinite(km)) answered.push(row);
    else if (reading[row] !== missing && unread.length < SHOWN) unread.push(row);
  });
  answered.sort((a, b) => distanceKm[a]! - distanceKm[b]! || a - b);
  const best = answered.slice(0, SHOWN);
  const worst = answered.slice(SHOWN).slice(-SHOWN).reverse();
  return { worst, best, unread };
}

/** The texts of some predictions, by id. */
function textsOf(
  predictions: Iterable<PredictionRow>,
  ids: ReadonlySet<string>,
): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { id, completion } of predictions)
    if (completion !== undefined && ids.has(id)) texts.set(id, completion);
  return texts;
}

const chainAt = (lat: number, lon: number, placeAt: ReportSources['placeAt']): ReportChain => {
  if (!Number.isFinite(lat)) return {};
  const place = placeAt?.(lat, lon);
  return {
    ...(place && { country: place.country }),
    ...(place?.region && { region: place.region }),
    ...(place?.city && { city: place.city }),
    coordinate: { lat, lon },
  };
};

/** The names an answer gives; where it gives none, those of the place it points at. */
const answeredChain = (answer: Answer | undefined, at: ReportChain): ReportChain => {
  if (answer?.country === undefined) return at;
  const { country, region, city } = answer;
  return {
    country,
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
    ...(at.coordinate && { coordinate: at.coordinate }),
  };
};

/** Collects what the report shows. */
function reportOf(result: EvaluateResult, sources: ReportSources): EvaluationReport {
  const { rows, placeAt, contract } = sources;
  const { truth } = rows;
  const chosen = rowsToShow(rows);
  const ids = new Set(Object.values(chosen).flatMap((list) => list.map((row) => truth.ids[row]!)));
  const texts = textsOf(sources.predictions(), ids);
  const shown = (row: number): ShownAnswer => {
    const id = truth.ids[row]!;
    const text = texts.get(id);
    const answer = text === undefined ? undefined : parseAnswer(text, contract);
    const distanceKm = rows.distanceKm[row]!;
    return {
      id,
      truth: chainAt(truth.lat[row]!, truth.lon[row]!, placeAt),
      answer: answeredChain(answer, chainAt(rows.lat[row]!, rows.lon[row]!, placeAt)),
      distanceKm: Number.isFinite(distanceKm) ? distanceKm : null,
      reading: READINGS[rows.reading[row]!]!,
      ...(answer && { repairs: answer.repairs }),
      ...(text !== undefined && { text }),
    };
  };
  const answered = [...rows.distanceKm.keys()].filter((row) =>
    Number.isFinite(rows.distanceKm[row]),
  );
  const step = Math.max(1, Math.ceil(answered.length / MAX_MAPPED));
  const { evaluation, against, published } = result;
  const predictions = basename(sources.predictionsPath);
  return {
    title: predictions,
    subject: `${formatNumber(evaluation.answered, 0)} answers to ${formatNumber(evaluation.n, 0)} pictures of ${basename(sources.truthPath)}.`,
    evaluation,
    distancesKm: rows.distanceKm,
    mapped: answered
      .filter((_, i) => i % step === 0)
      .map((row) => ({
        truth: { lat: truth.lat[row]!, lon: truth.lon[row]! },
        answer: { lat: rows.lat[row]!, lon: rows.lon[row]! },
        distanceKm: rows.distanceKm[row]!,
      })),
    worst: chosen.worst.map(shown),
    best: chosen.best.map(shown),
    unread: chosen.unread.map(shown),
    ...(published && { published }),
    ...(against && {
      against: {
        comparison: against.comparison,
        first: basename(against.first),
        second: basename(against.second),
      },
    }),
    record: sources.record,
    madeAt: sources.madeAt,
  };
}

/** Writes `report.html`, `report.md` and `charts/*.svg` into a folder. */
export function writeReport(folder: string, result: EvaluateResult, sources: ReportSources): void {
  const report = reportOf(result, sources);
  const world = worldAtlas();
  mkdirSync(join(folder, 'charts'), { recursive: true });
  for (const { name, svg } of evaluationCharts(report, world))
    writeFileAtomic(join(folder, 'charts', `${name}.svg`), `${svg}\n`);
  writeFileAtomic(join(folder, 'report.md'), `${printed('markdown', result)}\n`);
  writeFileAtomic(join(folder, 'report.html'), renderEvaluation(report, world));
}
