/**
 * A stand-in for the dashboard of Ray: its job API as Ray 2.60 answers it, recorded from a head on
 * this machine, and what it refuses.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A job as the stub knows it; tests change it. */
export interface StubJob {
  status: 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';
  message: string | null;
  exitCode: number | null;
  logs: string;
  readonly entrypoint: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The stub. */
export interface RayStub {
  readonly address: string;
  readonly jobs: Map<string, StubJob>;
  /** Called when a job was submitted, before it is answered. */
  onSubmit: (id: string, job: StubJob) => void;
  /** Answers instead of Ray when it gives something. */
  instead: (request: IncomingMessage) => { status: number; text: string } | undefined;
  close(): Promise<void>;
}

const BROWSER = ['referer', 'origin', 'sec-fetch-mode', 'sec-fetch-dest', 'sec-fetch-site'];

/** Starts one on a free port of loopback. */
export async function rayStub(): Promise<RayStub> {
  const jobs = new Map<string, StubJob>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, body: unknown): void => {
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
      response.end(isText ? body : JSON.stringify(body));
    };
    const other = stub.instead(request);
    if (other) return send(other.status, other.text);
    const isBrowser = BROWSER.some((name) => name in request.headers);
    if (request.method !== 'GET' && isBrowser)
      return send(405, `'${request.method}' method not allowed for browser traffic.`);
    const path = request.url ?? '';
    if (path === '/api/version')
      return send(200, { version: '4', ray_version: '2.60.0', ray_commit: 'x', session_name: 's' });
    if (path === '/api/jobs/' && request.method === 'POST') {
      const body = (await json(request)) as {
        entrypoint: string;
        submission_id: string;
        runtime_env: { env_vars: Record<string, string> };
      };
      const id = body.submission_id;
      if (jobs.has(id))
        return send(
          400,
          `Traceback (most recent call last):\n  File "job_head.py", line 422, in submit_job\nValueError: Job with submission_id ${id} already exists. Please use a different submission_id.\n`,
        );
      const job: StubJob = {
        ...{ status: 'PENDING', message: null, exitCode: null, logs: '' },
        entrypoint: body.entrypoint,
        environment: body.runtime_env.env_vars,
      };
      jobs.set(id, job);
      stub.onSubmit(id, job);
      return send(200, { job_id: id, submission_id: id });
    }
    const [, id = '', verb] = /^\/api\/jobs\/([^/]+)(?:\/(logs|stop))?$/.exec(path) ?? [];
    const job = jobs.get(decodeURIComponent(id));
    if (!job) return send(404, `Job ${id} does not exist`);
    if (verb === 'logs') return send(200, { logs: job.logs });
    if (verb === 'stop') {
      const stopped = job.status === 'RUNNING' || job.status === 'PENDING';
      if (stopped) job.status = 'STOPPED';
      return send(200, { stopped });
    }
    send(200, {
      ...{ type: 'SUBMISSION', job_id: null, submission_id: id, driver_info: null },
      ...{ status: job.status, entrypoint: job.entrypoint, message: job.message },
      ...{ error_type: null, start_time: 1, end_time: null, metadata: {}, runtime_env: {} },
      ...{ driver_agent_http_address: null, driver_node_id: null, driver_exit_code: job.exitCode },
    });
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: RayStub = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    jobs,
    onSubmit: () => undefined,
    instead: () => undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return stub;
}
