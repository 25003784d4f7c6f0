/**
 * Ray's Jobs API over HTTP: submit, look, read the log, stop.
 *
 * Source: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html and
 * `ray/dashboard/modules/job/job_head.py` of Ray 2.58 to 2.60.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';

const TIMEOUT_MS = 30_000;

const submitted = z.object({ submission_id: z.string() });
const details = z.object({
  status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
  message: z.string().nullish(),
  driver_exit_code: z.int().nullish(),
});
const logs = z.object({ logs: z.string() });
const stopped = z.object({ stopped: z.boolean() });
const version = z.object({ ray_version: z.string() });

/** What Ray says about a job. */
export type RayJobDetails = z.infer<typeof details>;

/** A job to submit. */
export interface RayJobRequest {
  /** A shell command line. */
  readonly entrypoint: string;
  /** Must be new to the cluster. */
  readonly submissionId: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A Ray cluster's job API. Every method throws GeorError `engine` when Ray does not do it. */
export class RayJobs {
  /** Base address of the dashboard, without a slash at the end. */
  readonly address: string;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param token - for clusters that ask for one (`RAY_AUTH_TOKEN`)
   */
  constructor(address: string, token?: string) {
    this.address = address.replace(/\/+$/, '');
    this.#headers = token ? { authorization: `Bearer ${token}` } : {};
  }

  /** Version of the cluster's Ray. */
  async version(): Promise<string> {
    return (await this.#ask('GET', '/api/version', version)).ray_version;
  }

  /**
   * Submits a job. A submission whose answer was lost may have arrived: when the cluster says that
   * it knows the id, the job is there and that is what was wanted.
   */
  async submit(request: RayJobRequest): Promise<void> {
    const answer = await this.#fetch('POST', '/api/jobs/', {
      entrypoint: request.entrypoint,
      submission_id: request.submissionId,
      runtime_env: { env_vars: request.environment },
      metadata: request.metadata ?? {},
    });
    const text = await answer.text();
    if (answer.ok) {
      submitted.parse(JSON.parse(text));
      return;
    }
    if (/already exists/i.test(text)) return;
    throw this.#refused('POST /api/jobs/', answer.status, text);
  }

  /** How a job is; `undefined` when the cluster does not know it (any more). */
  async details(submissionId: string): Promise<RayJobDetails | undefined> {
    const path = `/api/jobs/${encodeURIComponent(submissionId)}`;
    const answer = await this.#fetch('GET', path);
    if (answer.status === 404) return undefined;
    return this.#read(`GET ${path}`, answer, details);
  }

  /** The whole output of a job so far. */
  async logs(submissionId: string): Promise<string> {
    return (await this.#ask('GET', `/api/jobs/${encodeURIComponent(submissionId)}/logs`, logs))
      .logs;
  }

  /** Asks a job to stop; `false` when it had ended. It may take a while to end. */
  async stop(submissionId: string): Promise<boolean> {
    const path = `/api/jobs/${encodeURIComponent(submissionId)}/stop`;
    return (await this.#ask('POST', path, stopped)).stopped;
  }

  async #ask<T>(method: 'GET' | 'POST', path: string, shape: z.ZodType<T>): Promise<T> {
    return this.#read(`${method} ${path}`, await this.#fetch(method, path), shape);
  }

  async #fetch(method: 'GET' | 'POST', path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`${this.address}${path}`, {
        method,
        headers: { ...this.#headers, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
    } catch (cause) {
      throw new GeorError('engine', `Ray at ${this.address} does not answer`, {
        hint: 'give the address of its dashboard with --address, usually http://HEAD:8265',
        cause,
      });
    }
  }

  async #read<T>(what: string, answer: Response, shape: z.ZodType<T>): Promise<T> {
    const text = await answer.text();
    if (!answer.ok) throw this.#refused(what, answer.status, text);
    try {
      return shape.parse(JSON.parse(text));
    } catch (cause) {
      throw new GeorError('engine', `${what} of ${this.address} gave an answer that is not Ray's`, {
        hint: 'is this the address of a Ray dashboard?',
        cause,
      });
    }
  }

  #refused(what: string, status: number, text: string): GeorError {
    // Ray answers with a Python traceback; its last line says what was wrong.
    const why = text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
    return new GeorError('engine', `Ray refused ${what} (${status}): ${why}`, {
      hint:
        status === 401 || status === 403
          ? 'set RAY_AUTH_TOKEN to the token of the cluster'
          : 'the log of its dashboard says more',
    });
  }
}
