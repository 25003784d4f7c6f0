/**
 * One OpenAI-compatible HTTP endpoint: JSON out, checked JSON in, and a reason where that fails.
 *
 * Tried again, with a growing and jittered pause, or the one that the server asks for in
 * `Retry-After`: answers 429, 502, 503, 504 and lost connections. Everything else fails its item at
 * once: other statuses, redirects (the texts would go to a host that nobody named), answers that are
 * not the JSON asked for, silence beyond the timeout, and a pause longer than
 * {@link LONGEST_RETRY_AFTER_MS}. When calls have failed to connect {@link LOST_AT_MOST} times in a
 * row, each further one tries only once until one succeeds, so that a dead server does not cost a
 * pause per item.
 * @module
 */
import type { z } from 'zod';
import { GeorError } from '../errors.ts';
import { random } from '../random.ts';
import { limiter } from './limiter.ts';
import { jsonBody, type ReadBody, type RequestOutcome, tryOnce } from './try-once.ts';

/** Where a model answers. */
export interface EndpointOptions {
  /** Up to and with the version, e.g. `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: string;
  /** The model's name at that endpoint. */
  readonly model: string;
  /** Bearer token. */
  readonly key?: string;
  /** Calls at once, default 8. */
  readonly concurrency?: number;
  /** How long one try may take, milliseconds, default 60,000. */
  readonly timeoutMs?: number;
  /** Further tries after the first, default 4. */
  readonly retries?: number;
  /** Seed of the jitter; processes that share a server should have different ones. */
  readonly seed?: number;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** What ends a try after so many milliseconds, with a TimeoutError; default: a timer. */
  readonly deadline?: (milliseconds: number) => AbortSignal;
  /** How to pause between tries; default: a timer. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** How one call is made. */
export interface CallOptions {
  /** Ends the call; its outcome is then the fault `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/** Asks one endpoint. */
export interface Endpoint {
  /** Base address and model: what answers depend on. */
  readonly name: string;
  /** The address without what follows it, e.g. `http://127.0.0.1:8000/v1`. */
  readonly base: string;
  readonly model: string;
  get<T>(path: string, schema: z.ZodType<T>, call?: CallOptions): Promise<RequestOutcome<T>>;
  post<T>(
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    call?: CallOptions,
  ): Promise<RequestOutcome<T>>;
  /** As `post`, with the answer's body read by `read`. */
  postReading<T>(
    path: string,
    body: unknown,
    read: ReadBody<T>,
    call?: CallOptions,
  ): Promise<RequestOutcome<T>>;
}

/** The first pause in milliseconds; each further one is twice as long, up to the last. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** A server that asks for a longer pause than this is out of order for this run, milliseconds. */
export const LONGEST_RETRY_AFTER_MS = 300_000;

/** Calls in a row without a connection after which retrying stops. */
export const LOST_AT_MOST = 8;

/**
 * Opens an endpoint. Nothing is sent before the first call.
 *
 * @throws GeorError `usage` for an address that is not http(s), or that carries a password.
 */
export function openEndpoint(options: EndpointOptions): Endpoint {
  const { model, key, timeoutMs = 60_000, retries = 4, seed = 0 } = options;
  const base = checkedUrl(options.baseUrl);
  const send = options.fetch ?? fetch;
  const wait = options.wait ?? pause;
  const deadline = options.deadline ?? ((milliseconds) => AbortSignal.timeout(milliseconds));
  const run = limiter(options.concurrency ?? 8);
  let calls = 0;
  let lost = 0;

  async function call<T>(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    read: ReadBody<T>,
    { signal }: CallOptions,
  ): Promise<RequestOutcome<T>> {
    const jitter = random('endpoint', seed, calls++);
    for (let attempt = 0; ; attempt++) {
      const { outcome, pauseMs } = await tryOnce(
        {
          ...{ method, url: `${base}/${path}`, base, key, timeoutMs, signal },
          ...(body !== undefined && { body }),
          ...{ deadline: deadline(timeoutMs), fetch: send },
        },
        read,
      );
      const { fault, status } = outcome;
      const isLost = fault === 'unreachable';
      if (!isLost) lost = 0;
      const isWorthAnother = isLost || (fault === 'refused' && RETRIED.has(status ?? 0));
      if (!isWorthAnother) return outcome;
      if (pauseMs !== undefined && pauseMs > LONGEST_RETRY_AFTER_MS)
        return {
          ...outcome,
          failure: `${outcome.failure} (and asks for ${Math.round(pauseMs / 1000)} s of silence)`,
        };
      if (attempt < retries && lost < LOST_AT_MOST) {
        const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
        const own = longest * (0.5 + 0.5 * jitter.uniform());
        await unlessAborted(wait(Math.max(own, pauseMs ?? 0)), signal);
        continue;
      }
      if (isLost) lost++;
      if (attempt === 0) return outcome;
      return { ...outcome, failure: `${outcome.failure} (tried ${attempt + 1} times)` };
    }
  }

  return {
    name: `${base} ${model}`,
    base,
    model,
    get: (path, schema, options = {}) =>
      run(() => call('GET', path, undefined, jsonBody(schema), options)),
    post: (path, body, schema, options = {}) =>
      run(() => call('POST', path, JSON.stringify(body), jsonBody(schema), options)),
    postReading: (path, body, read, options = {}) =>
      run(() => call('POST', path, JSON.stringify(body), read, options)),
  };
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new GeorError('usage', `'${text}' is no http address`, {
      hint: 'give the base address of an OpenAI-compatible server, e.g. http://127.0.0.1:8000/v1',
    });
  if (url.username || url.password)
    throw new GeorError('usage', 'an address must not carry a user or password', {
      hint: 'give the key by itself',
    });
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Waits, but not beyond an abort: the next try then ends at once. */
async function unlessAborted(waiting: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return waiting;
  const done = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: done.signal });
  });
  await Promise.race([waiting, aborted]);
  done.abort();
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
