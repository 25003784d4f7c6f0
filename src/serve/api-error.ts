/**
 * What goes wrong, as a client sees it: a status and `{ error: { code, message, hint } }`.
 * @module
 */
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';

/** The body of every answer that is not a success. */
export const errorSchema = z
  .strictObject({
    error: z.strictObject({
      /** For machines: a short name of what went wrong. */
      code: z.string(),
      message: z.string(),
      /** What to do about it. */
      hint: z.string(),
    }),
  })
  .meta({ id: 'Error' });

/** An error with the status that a client is to see. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly hint: string;
  /** Seconds after which to try again: the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    hint: string,
    retryAfterSeconds?: number,
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Of an error that only a bug here can cause nothing is told but that it is one. */
const OUR_FAULT = new ApiError(
  500,
  'internal',
  'the service failed',
  'this is a fault of the service, its log says more; please report it',
);

/** The error as one with a status. What clients must not see is left out. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HTTPException)
    return new ApiError(error.status, 'http', error.message || 'bad request', 'see /openapi.json');
  if (!(error instanceof GeorError)) return OUR_FAULT;
  const hint = error.hint ?? 'see /openapi.json';
  switch (error.code) {
    case 'usage':
    case 'data':
    case 'image':
      return new ApiError(422, error.code, error.message, hint);
    case 'backend':
    case 'engine':
      return new ApiError(503, error.code, error.message, hint, 5);
    default:
      return OUR_FAULT;
  }
}

/** What an error says and the headers that go with it. */
export function errorAnswer({ code, message, hint, status, retryAfterSeconds }: ApiError) {
  return {
    body: { error: { code, message, hint } } satisfies z.output<typeof errorSchema>,
    headers: {
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
  };
}

/** The answer that tells an error. */
export function errorResponse(context: Context, error: ApiError): Response {
  const { body, headers } = errorAnswer(error);
  return context.json(body, error.status, headers);
}
