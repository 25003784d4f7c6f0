/**
 * Several processes behind one port. They share the socket, and the kernel gives each connection to one
 * that asks for it: a process that is killed takes only its own connections along, and those who wait to
 * be accepted are accepted by the others. (Had the primary process accepted and handed over, a connection
 * on its way to a process that dies would stay open with nobody at the other end.)
 *
 * A process that dies is replaced, and so is one that hangs: each tells its counts every second, so one
 * that says nothing for long does not come round to it. It is killed, and whoever waits for its answers
 * loses the connection and asks again.
 * @module
 */
import cluster, { type Worker } from 'node:cluster';
import { GeorError } from '../../core/index.ts';
import { type Counts, seriesOf } from '../metrics.ts';
import type { BatchSummary } from '../rewards/batch-summary.ts';
import { addressOf } from './listen.ts';
import { Silences } from './silences.ts';
import { COUNTS_INTERVAL_MS, type ToPrimary, type ToWorker } from './worker-messages.ts';

/** A process that dies sooner than this counts as one that cannot start. */
const SHORT_LIFE_MS = 5_000;
/** So many of those in a row end the service. */
const SHORT_LIVES = 5;
const PAUSE_MS = 1_000;
/**
 * Intervals without a word after which a process hangs: half of the minute that clients wait, and longer
 * than the longest request keeps a process busy.
 */
const SILENT_INTERVALS = 30;

/** Who is told what. */
export interface WorkerPoolOptions {
  readonly count: number;
  /** Where all of them listen; not 0, for one that is replaced must come back to the same. */
  readonly port: number;
  /** Seconds without a word after which a process is taken for hanging; default 30. */
  readonly silentIntervals?: number;
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
  readonly #silences: Silences;
  readonly #hanging = new Set<number>();
  #listening: NodeJS.Timeout | undefined;
  #isStopping = false;
  #shortLives = 0;
  #restarts = 0;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#silences = new Silences(options.silentIntervals ?? SILENT_INTERVALS);
    this.#ended = new Promise((resolve, reject) => {
      this.#end = (error) => {
        clearInterval(this.#listening);
        if (error) reject(error);
        else resolve();
      };
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
    // one that was still starting when all were told to stop has not heard it
    cluster.on('listening', (worker) => this.#isStopping && send(worker, { kind: 'stop' }));
    cluster.on('exit', (worker, code, signal) => this.#onExit(worker, code, signal));
    cluster.on('message', (worker, message: ToPrimary) => this.#onMessage(worker, message));
    for (let i = 0; i < this.#options.count; i++) this.#fork();
    this.#listening = setInterval(() => this.#killSilent(), COUNTS_INTERVAL_MS);
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

  /** Also while the service is stopping: one that hangs would never end by itself. */
  #killSilent(): void {
    const all = workers();
    const silent = new Set(this.#silences.interval(all.map(({ id }) => id)));
    for (const worker of all)
      if (silent.has(worker.id)) {
        this.#hanging.add(worker.id);
        worker.process.kill('SIGKILL');
      }
  }

  #onMessage(worker: Worker, message: ToPrimary): void {
    this.#silences.heard(worker.id);
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
    const didHang = this.#hanging.delete(worker.id);
    if (this.#isStopping) {
      if (this.#bornAt.size === 0) this.#end();
      return;
    }
    const reason = didHang ? 'it hung' : (signal ?? `exit code ${code}`);
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
