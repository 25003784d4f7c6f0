/**
 * What `POST /v1/locate` is asked: a picture, or a place of the embedded Earth to cut a tile from.
 *
 * Pictures come as `multipart/form-data` (a part `image`; its file name and type are not looked at) or
 * as JSON in base64. Both may say how to ask.
 * @module
 */
import type { Context } from 'hono';
import { z } from 'zod';
import { PRECISIONS } from '../../locate/index.ts';
import { ApiError } from '../api-error.ts';
import { readBytes, readJson } from '../read-json.ts';

/** Bytes of a picture at most: a photograph of 50 megapixels in JPEG has 10 to 25 million. */
export const PICTURE_LIMIT_BYTES = 32 * 1024 * 1024;

/** Base64 is a third longer; the rest is room for the other fields. */
const BODY_LIMIT = Math.ceil((PICTURE_LIMIT_BYTES * 4) / 3) + 64 * 1024;

/** Parts of a form at most; each costs the parser an object. */
const MOST_PARTS = 16;

/** Answers for one picture at most. */
export const MOST_SAMPLES = 64;

const SMALLER = `send a picture of at most ${PICTURE_LIMIT_BYTES / 1024 / 1024} MiB`;

/** Answers to ask for; the most probable one alone when 1. */
const samples = z.int().min(1).max(MOST_SAMPLES);
/** How finely the answer may tell. Default: `city` for pictures, `point` for tiles. */
const precision = z.enum(PRECISIONS);
const seed = z
  .int()
  .min(0)
  .max(2 ** 31);

const DEFAULTS = { samples: 8, seed: 0 } as const;

/** The body as JSON: `image` or `tile`. */
export const locateRequestSchema = z
  .strictObject({
    image: z.base64().min(4).optional(),
    /** Degrees. */
    tile: z
      .strictObject({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) })
      .optional(),
    samples: samples.default(DEFAULTS.samples),
    precision: precision.optional(),
    seed: seed.default(DEFAULTS.seed),
  })
  .refine(({ image, tile }) => (image === undefined) !== (tile === undefined), {
    message: 'give either image or tile',
  })
  .meta({ id: 'LocateRequest' });

/** Fields of a form are texts. */
const formSchema = z
  .strictObject({
    samples: z.coerce.number().pipe(samples),
    precision,
    seed: z.coerce.number().pipe(seed),
  })
  .partial();

/** A request, read. */
export interface LocateRequest {
  readonly source:
    | { readonly image: Uint8Array }
    | { readonly tile: { readonly lat: number; readonly lon: number } };
  readonly samples: number;
  readonly precision: (typeof PRECISIONS)[number];
  readonly seed: number;
}

/**
 * Reads a request in either form.
 *
 * @throws ApiError 400, 413, 415, 422
 */
export async function readLocateRequest(context: Context): Promise<LocateRequest> {
  const type = context.req.header('content-type') ?? '';
  if (/^multipart\/form-data\s*;/i.test(type)) return readForm(context, type);
  const { value } = await readJson(context, locateRequestSchema, BODY_LIMIT);
  const { image, tile, samples, precision, seed } = value;
  if (tile) return { source: { tile }, samples, seed, precision: precision ?? 'point' };
  return {
    ...{ source: { image: checked(Buffer.from(image!, 'base64')) }, samples, seed },
    precision: precision ?? 'city',
  };
}

async function readForm(context: Context, type: string): Promise<LocateRequest> {
  const bytes = await readBytes(context, BODY_LIMIT, SMALLER);
  const form = await parseForm(bytes, type);
  const parts = [...form.keys()];
  const fields = Object.fromEntries([...form].filter(([name]) => name !== 'image'));
  const images = form.getAll('image');
  const [image] = images;
  if (images.length !== 1 || !(image instanceof Blob))
    throw new ApiError(
      422,
      'invalid',
      `the form has ${images.length} files named image, and parts: ${parts.slice(0, 5).join(', ').slice(0, 80) || 'none'}`,
      'send one file in a part named image',
    );
  const parsed = formSchema.safeParse(fields);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ApiError(
      422,
      'invalid',
      `${issue?.path.join('.') || 'the form'}: ${issue?.message}`,
      'the form may have samples, precision and seed beside image',
    );
  }
  const { samples = DEFAULTS.samples, precision = 'city', seed = DEFAULTS.seed } = parsed.data;
  const source = { image: checked(new Uint8Array(await image.arrayBuffer())) };
  return { source, samples, precision, seed };
}

async function parseForm(bytes: Uint8Array, type: string): Promise<FormData> {
  const [, quoted, plain] = /boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (!boundary)
    throw new ApiError(400, 'bad-form', 'the form has no boundary', 'let your client set the type');
  if (partsIn(bytes, boundary) > MOST_PARTS)
    throw new ApiError(
      422,
      'invalid',
      `the form has more than ${MOST_PARTS} parts`,
      'send one picture and how to ask',
    );
  try {
    const body = bytes as Uint8Array<ArrayBuffer>;
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    throw new ApiError(
      400,
      'bad-form',
      `the form cannot be read: ${cause instanceof Error ? cause.message : cause}`.slice(0, 200),
      'send multipart/form-data as browsers and curl -F do',
    );
  }
}

/** How often the boundary occurs, counted no further than needed. */
function partsIn(bytes: Uint8Array, boundary: string): number {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = Buffer.from(`--${boundary}`);
  let count = -1; // the last one closes
  for (let at = body.indexOf(mark); at >= 0 && count <= MOST_PARTS; at = body.indexOf(mark, at + 1))
    count++;
  return count;
}

function checked(image: Uint8Array): Uint8Array {
  if (image.length > PICTURE_LIMIT_BYTES)
    throw new ApiError(413, 'too-long', `the picture has ${image.length} bytes`, SMALLER);
  return image;
}
