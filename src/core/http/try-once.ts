/**
 * One HTTP request: JSON out, checked JSON in, and a reason where that fails.
 * @module
 */
import type { z } from 'zod';
import { retryAfterMs } from './retry-after.ts';

/**
 * Why a request came to nothing.
 *
 * - `unreachable`: no connection, or one that broke.
 * - `timeout`: no answer in time.
 * - `refused`: another status than success; see `status`.
 * - `unreadable`: success, but not the JSON asked for.
 * - `cancelled`: the caller gave up.
 */
export type RequestFault = 'unreachable' | 'timeout' | 'refused' | 'unreadable' | 'cancelled';

/** A request that came to nothing. */
export interface RequestFailure {
  readonly failure: string;
  readonly value?: never;
  readonly fault: RequestFault;
  /** HTTP status of a refused request. */
  readonly status?: number;
  /** What the other side said when it refused: its first {@link MOST_SAID} characters. */
  readonly said?: string;
}

/** Characters of a refusal that are kept. */
const MOST_SAID = 4096;

/** An outcome of a request. */
export type RequestOutcome<T> =
  | { readonly value: T; readonly failure?: never; readonly fault?: never; readonly status?: never }
  | RequestFailure;

/** One request. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** How messages call the other side. */
  readonly base: string;
  /** JSON. */
  readonly body?: string;
  readonly key?: string | undefined;
  readonly timeoutMs: number;
  /** Ends the try with a TimeoutError. */
  readonly deadline: AbortSignal;
  /** Ends it because the caller wants so. */
  readonly signal?: AbortSignal | undefined;
  readonly fetch: typeof fetch;
}

/** What a try gave, and how long the server asks to wait before the next. */
export interface Tried<T> {
  readonly outcome: RequestOutcome<T>;
  readonly pauseMs?: number;
}

/** What a message about an answer needs. */
export interface AnswerContext {
  /** How messages call the other side. */
  readonly base: string;
  /** The text without the key, should the other side repeat it. */
  readonly hidden: (text: string) => string;
}

/** Reads the body of a successful answer. */
export type ReadBody<T> = (
  response: Response,
  context: AnswerContext,
) => Promise<RequestOutcome<T>>;

/** Sends a request once. Never throws for what the other side does. */
export async function tryOnce<T>(request: Request, read: ReadBody<T>): Promise<Tried<T>> {
  const { base, key, timeoutMs, deadline, signal } = request;
  const hidden = (text: string): string => (key ? text.replaceAll(key, '***') : text);
  try {
    const response = await request.fetch(request.url, {
      method: request.method,
      redirect: 'manual',
      headers: {
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      ...(request.body !== undefined && { body: request.body }),
      signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
    });
    const { status } = response;
    if (status >= 200 && status <= 299) return { outcome: await read(response, { base, hidden }) };
    const pauseMs = retryAfterMs(response.headers.get('retry-after'));
    const said = hidden(await response.text()).slice(0, MOST_SAID);
    const failure = `${base} answered ${status}: ${excerpt(said)}`;
    return {
      outcome: { failure, fault: 'refused', status, said },
      ...(pauseMs !== undefined && { pauseMs }),
    };
  } catch (error) {
    if (signal?.aborted) return { outcome: { failure: 'cancelled', fault: 'cancelled' } };
    if (error instanceof Error && error.name === 'TimeoutError') {
      const failure = `${base} did not answer within ${timeoutMs / 1000} s`;
      return { outcome: { failure, fault: 'timeout' } };
    }
    const failure = `${base} cannot be reached: ${connectionFault(error)}`;
    return { outcome: { failure, fault: 'unreachable' } };
  }
}

/** Reads JSON of a known shape. */
export function jsonBody<T>(schema: z.ZodType<T>): ReadBody<T> {
  return async (response, { base, hidden }) => {
    const text = await response.text();
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return { failure: `${base} answered no JSON: ${excerpt(hidden(text))}`, fault: 'unreadable' };
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data };
    const [issue] = parsed.error.issues;
    const where = `${issue?.path.join('.')}: ${issue?.message}`;
    return { failure: `${base} answered other JSON: ${where}`, fault: 'unreadable' };
  };
}

function connectionFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error)
    return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return error.message;
}

/** The start of an answer on one line, for a message. */
function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 160)}...` : line || 'nothing';
}
