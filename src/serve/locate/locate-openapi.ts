/**
 * How `/openapi.json` describes locating.
 * @module
 */
import { z } from 'zod';
import { LEVELS, PRECISIONS } from '../../locate/index.ts';
import type { OpenApiPaths, OpenApiValue } from '../app-part.ts';
import { jsonOperation, schemasOf } from '../openapi.ts';
import { locateRequestSchema } from './locate-request.ts';

const coordinate = z.object({ lat: z.number(), lon: z.number() });

/** The part of `LocateResult` that is promised; there is more in it. */
export const locateResultSchema = z
  .looseObject({
    contentId: z.string(),
    backend: z.string(),
    answered: z.int(),
    readable: z.int(),
    precision: z.enum(PRECISIONS),
    levels: z.array(
      z.looseObject({ level: z.enum(LEVELS), name: z.string(), votes: z.int(), of: z.int() }),
    ),
    point: coordinate.nullable(),
    radii: z
      .object({ halfKm: z.number(), mostKm: z.number(), hold: z.enum(['samples', 'calibrated']) })
      .nullable(),
    clues: z.array(z.string()),
    mapLink: z.string().nullable(),
  })
  .meta({ id: 'LocateResult' });

const modelCard = z.looseObject({
  name: z.string(),
  reads: z.enum(['photographs', 'satellite-tiles']),
  isRemote: z.boolean(),
  host: z.string().optional(),
});

/** `GET /v1/model`. */
export const modelCardsSchema = z
  .object({ server: modelCard.optional(), browser: modelCard.optional() })
  .meta({ id: 'ModelCards' });

/** The operations. */
export const locatePaths: OpenApiPaths = {
  '/v1/locate': {
    post: jsonOperation({
      id: 'locate',
      summary: 'Says where a picture was taken',
      description:
        'Also takes multipart/form-data with the picture in a part named image. To Accept: application/jsonl it answers a line for everything that happens: accepted, text, answer, error. Pictures are never stored.',
      request: 'LocateRequest',
      response: 'LocateResult',
      problems: [400, 413, 415, 422, 503, 504],
    }),
  },
  '/v1/model': {
    get: jsonOperation({
      id: 'model',
      summary: 'Says which model answers and what it reads',
      response: 'ModelCards',
    }),
  },
};

/** Their schemas. */
export const locateSchemas: Readonly<Record<string, OpenApiValue>> = schemasOf([
  locateRequestSchema,
  locateResultSchema,
  modelCardsSchema,
]);
