/**
 * A located picture as one row of a file: what `geor locate` writes, `geor calibrate` and
 * `geor evaluate` read, and the page shows.
 *
 * `id` is the caller's own name for the picture and never went to a model. `lat` and `lon` stand at the
 * top, so that the rows are predictions as they are.
 * @module
 */
import { z } from 'zod';
import { contentKey, type GeorError } from '../core/index.ts';
import type { AskSettings } from './locate-photo.ts';
import type { LocateResult } from './result.ts';

const nullableDegrees = { lat: z.number().nullable(), lon: z.number().nullable() };
const names = z.object({
  country: z.string().optional(),
  region: z.string().optional(),
  city: z.string().optional(),
});
const level = z.enum(['country', 'region', 'city']);
const namedVotes = z.object({ name: z.string(), votes: z.number() });
const disagreement = z.object({
  level,
  says: z.string(),
  lies: z.string().nullable(),
  distanceKm: z.number().optional(),
});
const sample = z.object({
  text: z.string(),
  finish: z.string(),
  tokens: z.number().optional(),
  logProbability: z.number().optional(),
  ...nullableDegrees,
  isGeocoded: z.boolean(),
  names,
  disagreements: z.array(disagreement),
});
const asked = z.object({
  model: z.string(),
  contract: z.string(),
  condition: z.string(),
  samples: z.number(),
  temperature: z.number(),
  topP: z.number(),
  maxTokens: z.number(),
  seed: z.number(),
  method: z.string(),
  maxPixels: z.number().nullable(),
  structured: z.enum(['auto', 'off']),
});

/** A picture that was located. */
export const locatedRowSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  key: z.string(),
  contentId: z.string(),
  ...nullableDegrees,
  ...names.shape,
  precision: z.enum(['country', 'region', 'city', 'point']),
  levels: z.array(
    z.object({
      level,
      name: z.string(),
      votes: z.number(),
      of: z.number(),
      others: z.array(namedVotes),
    }),
  ),
  undecided: z.object({ level, of: z.number(), names: z.array(namedVotes) }).nullable(),
  radii: z
    .object({ halfKm: z.number(), mostKm: z.number(), hold: z.enum(['samples', 'calibrated']) })
    .nullable(),
  candidates: z.array(
    z.object({
      lat: z.number(),
      lon: z.number(),
      votes: z.number(),
      radiusKm: z.number(),
      place: z.looseObject({ country: z.string() }).optional(),
    }),
  ),
  clues: z.array(z.string()),
  disagreements: z.array(disagreement),
  mapLink: z.string().nullable(),
  backend: z.string(),
  asked,
  answered: z.number(),
  readable: z.number(),
  failures: z.array(z.object({ reason: z.string(), isBackendLost: z.boolean().optional() })),
  notes: z.array(z.string()),
  /** Kinds of metadata that the file carried; none of it was read for this, or sent. */
  carried: z.array(z.string()),
  samples: z.array(sample),
});

/** A picture that was not. */
export const failedRowSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  key: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

/** A row: located, or why not. */
export const locateRowSchema = z.union([locatedRowSchema, failedRowSchema]);

/** A located picture as a row. */
export type LocatedRow = z.infer<typeof locatedRowSchema>;
/** A failed picture as a row. */
export type FailedRow = z.infer<typeof failedRowSchema>;
/** One row of a file. */
export type LocateRow = z.infer<typeof locateRowSchema>;

/** Whether a picture was located. */
export const isLocated = (row: LocateRow): row is LocatedRow => !('error' in row);

/** What was asked, as rows and calibrations record it. */
export type AskedRecord = z.infer<typeof asked>;

/** What rows depend on: equal pictures asked in an equal way have equal keys. */
export interface RowSettings {
  readonly asked: AskedRecord;
  /** What else changes the result: precision, policy, calibration, provider. */
  readonly shown: Readonly<Record<string, string | number | null>>;
}

/** The key of a picture under settings: SHA-256, 64 hex digits. */
export const rowKey = (contentId: string, { asked, shown }: RowSettings): Promise<string> =>
  contentKey('locate', 1, contentId, Object.entries(asked).sort(), Object.entries(shown).sort());

/** The record of how a picture is asked about. */
export function askedRecord(
  settings: Required<AskSettings>,
  model: string,
  { method, maxPixels, structured }: Pick<AskedRecord, 'method' | 'maxPixels' | 'structured'>,
): AskedRecord {
  const { contract, condition, samples, temperature, topP, maxTokens, seed } = settings;
  return {
    ...{ model, contract, condition, samples, temperature, topP, maxTokens, seed },
    ...{ method, maxPixels, structured },
  };
}

/** A result as a row. */
export function locatedRow(
  result: LocateResult,
  id: string,
  key: string,
  asked: AskedRecord,
): LocatedRow {
  const named = Object.fromEntries(result.levels.map(({ level, name }) => [level, name]));
  return locatedRowSchema.parse({
    version: 1,
    ...{ id, key, contentId: result.contentId },
    lat: result.point?.lat ?? null,
    lon: result.point?.lon ?? null,
    ...named,
    precision: result.precision,
    levels: result.levels,
    undecided: result.undecided,
    radii: result.radii,
    candidates: result.candidates,
    clues: result.clues,
    disagreements: result.disagreements,
    mapLink: result.mapLink,
    backend: result.backend,
    asked,
    answered: result.answered,
    readable: result.readable,
    failures: result.failures,
    notes: result.notes,
    carried: Object.entries(result.carried ?? {}).flatMap(([kind, there]) => (there ? kind : [])),
    samples: result.samples.map(({ coordinate, answer: _answer, ...rest }) => ({
      ...rest,
      lat: coordinate?.lat ?? null,
      lon: coordinate?.lon ?? null,
    })),
  });
}

/** A failure as a row. */
export const failedRow = (id: string, key: string | null, error: GeorError): FailedRow => ({
  version: 1,
  ...{ id, key },
  error: {
    code: error.code,
    message: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
  },
});
