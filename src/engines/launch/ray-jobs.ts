/**
 * Ray's Jobs API over HTTP: submit, look, read the log, stop.
 *
 * Source: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html and
 * `ray/dashboard/modules/job/job_head.py` of Ray 2.58 to 2.60.
 * @module
 */
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { text as readText } from 'node:stream/consumers';
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

interface Answer {
  readonly status: number;
  readonly text: string;
}

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
    const answer = await this.#send('POST', '/api/jobs/', {
      entrypoint: request.entrypoint,
      submission_id: request.submissionId,
      runtime_env: { env_vars: request.environment },
      metadata: request.metadata ?? {},
    });
    if (answer.status !== 200 && /already exists/i.test(answer.text)) return;
    this.#read('POST /api/jobs/', answer, submitted);
  }

  /** How a job is; `undefined` when the cluster does not know it (any more). */
  async details(submissionId: string): Promise<RayJobDetails | undefined> {
    const path = `/api/jobs/${encodeURIComponent(submissionId)}`;
    const answer = await this.#send('GET', path);
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
    return this.#read(`${method} ${path}`, await this.#send(method, path), shape);
  }

  /** Not by `fetch`: its `sec-fetch-mode` header makes Ray take us for a browser and refuse (405). */
  async #send(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const url = new URL(`${this.address}${path}`);
    const send = url.protocol === 'https:' ? https : http;
    const text = body && JSON.stringify(body);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const request = send(url, {
          method,
          headers: {
            ...this.#headers,
            ...(text !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(text),
            }),
          },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        request.once('error', reject);
        request.once('response', (response) => {
          const status = response.statusCode ?? 0;
          readText(response).then((answer) => resolve({ status, text: answer }), reject);
        });
        request.end(text);
      });
    } catch (cause) {
      throw new GeorError('engine', `Ray at ${this.address} does not answer`, {
        hint: 'give the address of its dashboard with --address, usually http://HEAD:8265',
        cause,
      });
    }
  }

  #read<T>(what: string, { status, text }: Answer, shape: z.ZodType<T>): T {
    if (status !== 200) throw this.#refused(what, status, text);
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
