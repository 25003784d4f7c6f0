/**
 * The JSON body of a request, within limits.
 * @module
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Context } from 'hono';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';
import { checkStructure } from './json-structure.ts';

/** Bytes of a body at most: a thousand samples take about two million. */
export const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** Complaints about one body that are told; the rest is counted. */
const TOLD_COMPLAINTS = 5;

/** A body, read. */
export interface Body<T> {
  readonly value: T;
  readonly text: string;
}

/** Whether a value is what a schema describes and comes out of it as it went in; quicker than to parse. */
export type IsPlain<T> = (json: unknown) => json is T;

/**
 * Reads and checks the JSON body of a request.
 *
 * @throws ApiError 415 for another type or encoding, 413 for one over the limit; as {@link parseJson}
 */
export async function readJson<S extends z.ZodType>(
  context: Context,
  schema: S,
  limitBytes: number = BODY_LIMIT_BYTES,
): Promise<Body<z.output<S>>> {
  checkJsonHeaders(context);
  return parseJson(await readBytes(context, limitBytes), schema);
}

/**
 * Reads and checks JSON.
 *
 * @param isPlain - spares the schema the values that it would only hand on
 * @throws ApiError 413 for more structure than any request has, 400 where it is not UTF-8 or not JSON,
 * 422 where it is not what `schema` describes.
 */
export function parseJson<S extends z.ZodType>(
  bytes: Buffer,
  schema: S,
  isPlain?: IsPlain<z.output<S>>,
): Body<z.output<S>> {
  checkStructure(bytes);
  const text = decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, 'not-json', `not JSON: ${(error as Error).message}`, NOT_JSON_HINT);
  }
  if (isPlain?.(json)) return { value: json, text };
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw invalid(parsed.error);
  return { value: parsed.data, text };
}

const NOT_JSON_HINT =
  'send one JSON document in UTF-8; NaN and Infinity are not JSON, and Python writes them unless told not to';

/**
 * Looks at what the headers say of a body.
 *
 * @throws ApiError 415 for another type or encoding.
 */
export function checkJsonHeaders(context: Context): void {
  const type = context.req.header('content-type') ?? 'none';
  if (!/^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i.test(type))
    throw new ApiError(
      415,
      'not-json-type',
      `the content type is ${type}`,
      'send Content-Type: application/json',
    );
  const encoding = context.req.header('content-encoding');
  if (encoding !== undefined && encoding !== 'identity')
    throw new ApiError(
      415,
      'encoded',
      `the content encoding is ${encoding}`,
      'send the body without compression',
    );
}

/**
 * The body; given up as soon as it is known to be too long.
 *
 * @param hint - what to do about one that is
 * @throws ApiError 413 where it is, 400 where the client breaks off before its end
 */
export async function readBytes(
  context: Context,
  limitBytes: number,
  hint = 'send fewer samples in one request',
): Promise<Buffer> {
  const declared = context.req.header('content-length');
  if (Number(declared) > limitBytes) throw tooLong(limitBytes, hint);
  const request = context.req.raw;
  const isMeasured =
    declared !== undefined && context.req.header('transfer-encoding') === undefined;
  try {
    if (isMeasured) return Buffer.from(await request.arrayBuffer());
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of request.body ?? []) {
      size += piece.length;
      if (size > limitBytes) throw tooLong(limitBytes, hint);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(400, 'broken-off', 'the body did not come to its end', 'send it again');
  }
}

const tooLong = (limitBytes: number, hint: string): ApiError =>
  new ApiError(413, 'too-long', `the body is longer than ${limitBytes} bytes`, hint);

/** The byte order mark, which is no part of the text. */
const MARK = Buffer.from('\ufeff');

function decode(bytes: Buffer): string {
  // most of what training sends, and in a fraction of the time
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!isUtf8(bytes)) throw new ApiError(400, 'not-utf-8', 'the body is not UTF-8', NOT_JSON_HINT);
  return bytes.toString('utf8', MARK.equals(bytes.subarray(0, 3)) ? 3 : 0);
}

function invalid({ issues }: z.ZodError): ApiError {
  const told = issues
    .slice(0, TOLD_COMPLAINTS)
    .map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  if (issues.length > told.length) told.push(`and ${issues.length - told.length} more`);
  return new ApiError(422, 'invalid', told.join('; '), 'see /openapi.json for what is expected');
}
