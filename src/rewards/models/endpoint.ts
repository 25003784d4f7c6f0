/**
 * One OpenAI-compatible HTTP endpoint: JSON out, checked JSON in, and a reason where that fails.
 *
 * Tried again, with a growing and jittered pause: answers 429, 502, 503, 504 and lost connections.
 * Everything else fails its item at once: other statuses, redirects (the texts would go to a host
 * that nobody named), answers that are not the JSON asked for, and silence beyond the timeout. When
 * calls have failed to connect {@link LOST_AT_MOST} times in a row, each further one tries only once
 * until one succeeds, so that a dead server does not cost a pause per item.
 * @module
 */
import type { z } from 'zod';
import { GeorError, random } from '../../core/index.ts';
import type { Outcome } from '../outcome.ts';
import { limiter } from './limiter.ts';

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

/** Posts to one endpoint. */
export interface Endpoint {
  /** Base address and model: what answers depend on. */
  readonly name: string;
  readonly model: string;
  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<PostOutcome<T>>;
}

/** An outcome of a post; a refused request tells its status. */
export type PostOutcome<T> = Outcome<T> & { readonly status?: number };

/** The first pause in milliseconds; each further one is twice as long, up to the last. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Calls in a row without a connection after which retrying stops. */
export const LOST_AT_MOST = 8;

interface Try<T> {
  readonly outcome: PostOutcome<T>;
  /** `again`: worth another try. `lost`: likewise, because there was no connection. */
  readonly fault?: 'again' | 'lost';
}

/**
 * Opens an endpoint. Nothing is sent before the first post.
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

  async function once<T>(path: string, body: string, schema: z.ZodType<T>): Promise<Try<T>> {
    let status: number;
    let text: string;
    try {
      const response = await send(`${base}/${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body,
        signal: deadline(timeoutMs),
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        return failed(`${base} did not answer within ${timeoutMs / 1000} s`);
      return { ...failed(`${base} cannot be reached: ${connectionFault(error)}`), fault: 'lost' };
    }
    const said = key === undefined ? text : text.replaceAll(key, '***');
    if (status < 200 || status > 299) {
      const refused = failed(`${base} answered ${status}: ${excerpt(said)}`, status);
      return RETRIED.has(status) ? { ...refused, fault: 'again' } : refused;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return failed(`${base} answered no JSON: ${excerpt(said)}`);
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return { outcome: { value: parsed.data } };
    const [issue] = parsed.error.issues;
    return failed(`${base} answered other JSON: ${issue?.path.join('.')}: ${issue?.message}`);
  }

  return {
    name: `${base} ${model}`,
    model,
    post: (path, body, schema) =>
      run(async () => {
        const text = JSON.stringify(body);
        const jitter = random('endpoint', seed, calls++);
        for (let attempt = 0; ; attempt++) {
          const { outcome, fault } = await once(path, text, schema);
          if (fault !== 'lost') lost = 0;
          if (!fault) return outcome;
          if (attempt < retries && lost < LOST_AT_MOST) {
            const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
            await wait(longest * (0.5 + 0.5 * jitter.uniform()));
            continue;
          }
          if (fault === 'lost') lost++;
          const times = attempt === 0 ? '' : ` (tried ${attempt + 1} times)`;
          return failed(`${outcome.failure}${times}`, outcome.status).outcome;
        }
      }),
  };
}

const failed = (failure: string, status?: number): { readonly outcome: PostOutcome<never> } => ({
  outcome: { failure, ...(status !== undefined && { status }) },
});

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

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
