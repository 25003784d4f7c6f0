/**
 * An evaluation that fills every part of its report, for tests.
 * @module
 */
import {
  compareRuns,
  evaluateRows,
  type PublishedComparison,
  type ReportOptions,
  scorePredictions,
  truthTable,
} from '../../evaluate/index.ts';
import type { EvaluationReport, ShownAnswer } from './report.ts';

const ROWS = 24;

/** A report with `text` wherever text from outside can stand; a quarter of the pictures has no answer. */
export function fullEvaluation(text: string): EvaluationReport {
  const ids = Array.from({ length: ROWS }, (_, i) => `${text}${i}`);
  const truth = truthTable(
    ids.map((id, i) => ({
      ...{ id, lat: i, lon: i },
      attributes: { S3_Label: String(i % 3), [text]: i % 2 ? text : 'other' },
    })),
  );
  const placeAt = (lat: number, lon: number) => ({
    ...{ lat, lon, continent: text, countryCode: 'XX' },
    ...{ country: `${text}${Math.round(lat) % 4}`, region: text, city: text },
  });
  const options: ReportOptions = {
    reverseGeocode: placeAt,
    resamples: 100,
    by: ['continent', 'S3_Label', text].map((column) => ({ column })),
  };
  const answered = (off: number) =>
    ids.slice(0, (3 * ROWS) / 4).map((id, i) => ({
      ...{ id, confidence: i / ROWS },
      completion: `${text} lat: ${i + off}.0, lon: ${i}.0`,
    }));
  const rows = scorePredictions(truth, answered(1), {});
  const other = scorePredictions(truth, answered(3), {});
  const published: PublishedComparison = {
    ...{ benchmark: 'im2gps3k', title: text, n: ROWS, sortedByKm: 25 },
    rows: [true, false].map((isOurs) => ({
      ...{ method: text, isOurs, year: 2026, retrieval: true, sources: [text], notes: [text] },
      cells: [
        { thresholdKm: 25, percent: 1, ...(isOurs ? {} : { verdict: 'worse', doubtful: text }) },
      ],
    })),
  };
  const shown = (i: number, reading: ShownAnswer['reading'] = 'repaired'): ShownAnswer => ({
    ...{ id: ids[i]!, reading, repairs: [text], text },
    truth: { country: text, region: text, city: text, coordinate: { lat: i, lon: i } },
    answer: { country: text },
    distanceKm: reading === 'unreadable' ? null : i,
  });
  return {
    title: text,
    subject: text,
    evaluation: evaluateRows(rows, options),
    distancesKm: rows.distanceKm,
    mapped: [{ truth: { lat: 1, lon: 1 }, answer: { lat: 2, lon: 2 }, distanceKm: 157 }],
    worst: [shown(0)],
    best: [shown(1)],
    unread: [shown(2, 'unreadable')],
    published,
    against: { comparison: compareRuns(rows, other, options), first: text, second: `${text}2` },
    record: [{ title: text, entries: { [text]: text } }],
    madeAt: '2026-01-02T03:04:05.678Z',
  };
}

/** A report of `n` pictures without an answer, and of nothing else. */
export function bareEvaluation(n: number): EvaluationReport {
  const truth = truthTable(
    Array.from({ length: n }, (_, i) => ({ id: String(i), lat: 0, lon: 0 })),
  );
  const rows = scorePredictions(truth, [], {});
  return {
    ...{ title: 't', subject: 's', mapped: [], worst: [], best: [], unread: [] },
    evaluation: evaluateRows(rows, { resamples: 100 }),
    distancesKm: rows.distanceKm,
  };
}
