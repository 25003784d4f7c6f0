/**
 * Several processes behind one port. They share the socket, and the kernel gives each connection to one
 * that asks for it: a process that is killed takes only its own connections along, and those who wait to
 * be accepted are accepted by the others. (Had the primary process accepted and handed over, a connection
 * on its way to a process that dies would stay open with nobody at the other end.)
 *
 * A process that dies is replaced.
 * @module
 */
import cluster, { type Worker } from 'node:cluster';
import { GeorError } from '../../core/index.ts';
import { type Counts, seriesOf } from '../metrics.ts';
import type { BatchSummary } from '../rewards/batch-summary.ts';
import { addressOf } from './listen.ts';
import type { ToPrimary, ToWorker } from './worker-messages.ts';

/** A process that dies sooner than this counts as one that cannot start. */
const SHORT_LIFE_MS = 5_000;
/** So many of those in a row end the service. */
const SHORT_LIVES = 5;
const PAUSE_MS = 1_000;

/** Who is told what. */
export interface WorkerPoolOptions {
  readonly count: number;
  /** Where all of them listen; not 0, for one that is replaced must come back to the same. */
  readonly port: number;
  readonly onBatch: (batch: BatchSummary) => void;
  readonly onCounts: (counts: Counts) => void;
  /** The text of `/metrics`. */
  readonly render: () => string;
  /** Told of a process that died. */
  readonly onDeath: (pid: number, reason: string) => void;
}

/** The processes that answer, seen from the one that does not. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #residentBytes = new Map<number, number>();
  readonly #bornAt = new Map<number, number>();
  readonly #ended: Promise<void>;
  #end: (error?: Error) => void = () => {};
  #isStopping = false;
  #shortLives = 0;
  #restarts = 0;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve, reject) => {
      this.#end = (error) => (error ? reject(error) : resolve());
    });
    this.#ended.catch(() => {});
  }

  /** Present values for `/metrics`. */
  gauges(): Counts {
    const memory = [...this.#residentBytes].map(
      ([worker, bytes]) => [seriesOf('geor_resident_bytes', { worker }), bytes] as const,
    );
    return {
      geor_workers: this.#bornAt.size,
      geor_worker_restarts_total: this.#restarts,
      ...Object.fromEntries(memory),
    };
  }

  /** Starts the processes; the URL as soon as one of them listens. */
  async start(): Promise<string> {
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    const listening = new Promise<string>((resolve) => {
      cluster.on('listening', (_, { address, port }) => resolve(addressOf(address, port)));
    });
    cluster.on('exit', (worker, code, signal) => this.#onExit(worker, code, signal));
    cluster.on('message', (worker, message: ToPrimary) => this.#onMessage(worker, message));
    for (let i = 0; i < this.#options.count; i++) this.#fork();
    return await Promise.race([
      listening,
      this.ended().then(() => {
        throw new GeorError('engine', 'the service ended before it began');
      }),
    ]);
  }

  /** Resolves when all processes have ended; throws GeorError `engine` when they cannot be kept alive. */
  ended(): Promise<void> {
    return this.#ended;
  }

  /** Tells all processes to answer what is under way and end. */
  stop(): void {
    this.#isStopping = true;
    for (const worker of workers()) send(worker, { kind: 'stop' });
    if (this.#bornAt.size === 0) this.#end();
  }

  #fork(): void {
    const worker = cluster.fork({ [PORT_VARIABLE]: String(this.#options.port) });
    this.#bornAt.set(worker.id, Date.now());
  }

  #onMessage(worker: Worker, message: ToPrimary): void {
    if (message.kind === 'batch') this.#options.onBatch(message.batch);
    else if (message.kind === 'counts') {
      this.#options.onCounts(message.counts);
      this.#residentBytes.set(worker.id, message.residentBytes);
    } else send(worker, { kind: 'rendered', id: message.id, text: this.#options.render() });
  }

  #onExit(worker: Worker, code: number, signal: string | null): void {
    const age = Date.now() - (this.#bornAt.get(worker.id) ?? 0);
    this.#bornAt.delete(worker.id);
    this.#residentBytes.delete(worker.id);
    if (this.#isStopping) {
      if (this.#bornAt.size === 0) this.#end();
      return;
    }
    const reason = signal ?? `exit code ${code}`;
    this.#options.onDeath(worker.process.pid ?? 0, reason);
    const wasShort = age < SHORT_LIFE_MS && signal === null;
    this.#shortLives = wasShort ? this.#shortLives + 1 : 0;
    if (this.#shortLives >= SHORT_LIVES) {
      this.stop();
      this.#end(
        new GeorError('engine', `the processes of the service cannot start (${reason})`, {
          hint: 'run it without --workers to see why',
        }),
      );
      return;
    }
    this.#restarts++;
    setTimeout(() => !this.#isStopping && this.#fork(), wasShort ? PAUSE_MS : 0);
  }
}

/** The environment variable that tells a process where to listen. */
export const PORT_VARIABLE = 'GEOR_SERVE_PORT';

const workers = (): readonly Worker[] =>
  Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);

function send(worker: Worker, message: ToWorker): void {
  // one that dies at this moment cannot be told
  if (worker.isConnected()) worker.send(message, () => {});
}
